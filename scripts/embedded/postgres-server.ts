import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { handleOf } from './folder-handle.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { postgresOwner } from './postgres-owner.ts';
import { postgresProblem } from './postgres-problem.ts';
import { environmentOf } from './process-environment.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

export interface PostgresOptions {
  readonly dataFolder: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** False only for disposable data: tests. */
  readonly durable?: boolean;
  readonly logFile?: string;
  readonly onLine?: (line: string) => void;
  readonly onSpawn?: (process: ServerProcess) => void;
}

export interface PostgresServer {
  readonly process: ServerProcess;
  /** The URL of one of its databases. */
  urlOf(database: string): string;
  /** Waits at most `graceMs` for running transactions. */
  stop(graceMs?: number): Promise<void>;
}

const LISTENS_ON = '127.0.0.1';

/** Starts PostgreSQL on an existing cluster. Resolves when it accepts connections; rejects with PostgreSQL's reason. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { dataFolder, port, user, password, durable = true, logFile, onLine, onSpawn } = options;
  removeStaleLock(dataFolder);
  const owner = postgresOwner(dataFolder);
  const handle = handleOf(dataFolder, owner);
  const server = await startServerProcess({
    name: 'PostgreSQL',
    command: findPostgresBinaries(owner).postgres,
    args: ['-D', handle.path, '-p', String(port), ...settings(durable)],
    env: { ...environmentOf('other', process.env), LC_ALL: 'C' },
    cwd: handle.cwd,
    owner,
    logFile,
    onLine,
    onSpawn,
  });
  try {
    await server.untilLine(/database system is ready to accept connections/);
  } catch {
    await server.exited;
    throw postgresProblem('PostgreSQL does not start', { dataFolder, port }, server.lastLines());
  }
  return {
    process: server,
    urlOf: (database) =>
      `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${LISTENS_ON}:${port}/${database}`,
    async stop(graceMs = 8_000) {
      // SIGINT is PostgreSQL's fast shutdown: it closes connections, and the next start needs no recovery.
      await server.stop({ signal: 'SIGINT', graceMs });
    },
  };
}

/** Creates a database if it is missing. Returns whether it was created. */
export async function ensureDatabase(serverUrl: string, name: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount) return false;
    await client.query(`create database ${client.escapeIdentifier(name)}`);
    return true;
  } finally {
    await client.end();
  }
}

function settings(durable: boolean): string[] {
  const values = {
    listen_addresses: LISTENS_ON,
    unix_socket_directories: '',
    // 200: four workers, an API and a benchmark with pools of 10 to 30, and room for a person with psql.
    max_connections: '200',
    shared_buffers: '128MB',
    log_min_messages: 'warning',
    // Details of errors quote the row: "Key (email)=(…) already exists".
    log_error_verbosity: 'terse',
    log_line_prefix: '%m [%p] ',
    timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * After a crash of the whole machine or container, the process id in the lock file may belong to another process,
 * perhaps another PostgreSQL, and ours would refuse to start. Only Linux shows whether it does; elsewhere, PostgreSQL's
 * own check has to suffice.
 */
function removeStaleLock(dataFolder: string): void {
  const lock = join(dataFolder, 'postmaster.pid');
  if (!existsSync(lock) || process.platform !== 'linux') return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  if (!worksIn(dataFolder, pid)) rmSync(lock);
}

/**
 * A PostgreSQL server has its data folder as its working directory. A process whose folder is not readable counts as
 * one.
 */
function worksIn(dataFolder: string, pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataFolder);
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
  }
}
