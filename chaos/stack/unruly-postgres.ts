import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { familyOf } from '../../bench/measure/process-usage.ts';
import { createPostgresCluster } from '../../scripts/embedded/postgres-cluster.ts';
import { type PostgresServer, startPostgres } from '../../scripts/embedded/postgres-server.ts';
import type { SmallDisk } from './small-disk.ts';

export interface UnrulyPostgresOptions {
  readonly dataFolder: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly logFile: string;
  /** The file system of the data folder; undefined: PostgreSQL simulates a full disk. */
  readonly disk: SmallDisk | undefined;
}

/** A PostgreSQL server that can be stopped, frozen and run out of disk space. */
export interface UnrulyPostgres {
  readonly port: number;
  urlOf(database: string): string;
  start(): Promise<void>;
  /** Immediate shutdown (SIGQUIT): as after a crash, the next start recovers from the log. */
  stopAtOnce(): Promise<void>;
  /** Freezes all of its processes: connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
  fillDisk(): Promise<void>;
  emptyDisk(): Promise<void>;
  stop(): Promise<void>;
}

const PLAYED_TABLES = ['messages', 'accounts', 'events', 'watches', 'cursors'];
const PLAYED = 'chaos_disk_full';

/** Creates and starts a cluster that keeps commit timestamps. */
export async function startUnrulyPostgres(options: UnrulyPostgresOptions, database: string): Promise<UnrulyPostgres> {
  const { dataFolder, port, user, password, disk } = options;
  await createPostgresCluster(options);
  appendFileSync(join(dataFolder, 'postgresql.conf'), 'track_commit_timestamp = on\n');
  let server: PostgresServer | undefined;
  let isFrozen = false;

  const signalAll = (signal: NodeJS.Signals) => {
    if (server === undefined || server.process.hasExited()) return;
    for (const pid of familyOf(server.process.pid)) {
      try {
        process.kill(pid, signal);
      } catch {
        // The process has just ended.
      }
    }
  };
  const thaw = () => {
    if (isFrozen) signalAll('SIGCONT');
    isFrozen = false;
  };
  const start = async () => {
    if (server === undefined || server.process.hasExited()) server = await startPostgres(options);
  };
  const urlOf = (name: string) => `postgres://${user}:${password}@127.0.0.1:${port}/${name}`;
  await start();
  return {
    port,
    urlOf,
    start,
    async stopAtOnce() {
      thaw();
      await server?.process.stop({ signal: 'SIGQUIT' });
    },
    freeze() {
      isFrozen = true;
      signalAll('SIGSTOP');
    },
    thaw,
    async fillDisk() {
      if (disk) disk.fill();
      else await playFullDisk(urlOf(database));
    },
    async emptyDisk() {
      if (disk) disk.empty();
      else await endFullDisk(urlOf(database));
      // PostgreSQL gives up where it cannot even write its recovery.
      await start();
    },
    async stop() {
      thaw();
      await server?.stop();
    },
  };
}

/** Makes every write to the mail tables fail with PostgreSQL's code for a full disk. */
async function playFullDisk(url: string): Promise<void> {
  await query(url, [
    `create function ${PLAYED}() returns trigger language plpgsql as
      $$ begin raise exception 'No space left on device' using errcode = 'disk_full'; end $$`,
    ...PLAYED_TABLES.map(
      (table) => `create trigger ${PLAYED} before insert or update or delete on ${table}
        for each statement execute function ${PLAYED}()`,
    ),
  ]);
}

async function endFullDisk(url: string): Promise<void> {
  await query(url, [`drop function ${PLAYED}() cascade`]);
}

async function query(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statements.join(';\n'));
  } finally {
    await client.end();
  }
}
