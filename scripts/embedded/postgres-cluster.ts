import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { handleOf } from './folder-handle.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { postgresOwner } from './postgres-owner.ts';
import { postgresProblem } from './postgres-problem.ts';
import { environmentOf } from './process-environment.ts';
import type { ProcessOwner } from './process-owner.ts';
import { startServerProcess } from './server-process.ts';
import { shownPath } from './stack-folder.ts';
import { messageOf, StartProblem } from './start-problem.ts';

export interface ClusterOptions {
  readonly dataFolder: string;
  readonly user: string;
  readonly password: string;
  /** False only for disposable data: tests. */
  readonly durable?: boolean;
}

/**
 * Creates the data folder of a PostgreSQL cluster if it is missing: UTF-8, the built-in C.UTF-8 locale (the same sort
 * order on every machine and version), passwords by SCRAM. An interrupted attempt leaves no partial cluster. Returns
 * false when the cluster already existed.
 */
export async function createPostgresCluster({ dataFolder, user, password, durable = true }: ClusterOptions) {
  if (existsSync(join(dataFolder, 'PG_VERSION'))) return false;
  if (existsSync(join(dataFolder, 'global', 'pg_control'))) {
    throw new StartProblem(
      `The PostgreSQL data in ${shownPath(dataFolder)} are damaged: the file PG_VERSION is missing. ` +
        'Restore them from a copy, or: `npm run reset` wipes all of Mailroom for a new start.',
    );
  }
  const unfinished = `${dataFolder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(dirname(dataFolder), { recursive: true });
  mkdirSync(unfinished, { mode: 0o700 });
  const owner = postgresOwner(unfinished);
  const passwordFile = `${dataFolder}.password`;
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (owner) for (const path of [unfinished, passwordFile]) giveTo(owner, path);
    await runInitdb({ folder: unfinished, owner, user, passwordFile, durable });
    // A folder without PG_VERSION is no cluster: what an earlier version or a person left there is replaced.
    rmSync(dataFolder, { recursive: true, force: true });
    renameSync(unfinished, dataFolder);
    return true;
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}

interface InitdbOptions {
  readonly folder: string;
  readonly owner: ProcessOwner | undefined;
  readonly user: string;
  readonly passwordFile: string;
  readonly durable: boolean;
}

async function runInitdb({ folder, owner, user, passwordFile, durable }: InitdbOptions): Promise<void> {
  const handle = handleOf(folder, owner);
  // Another user gets the file open: it lies in a folder that only our user may enter.
  const stdin = owner ? openSync(passwordFile, 'r') : undefined;
  try {
    const initdb = await startServerProcess({
      name: 'initdb',
      command: findPostgresBinaries(owner).initdb,
      args: [
        `--pgdata=${handle.path}`,
        `--username=${user}`,
        `--pwfile=${owner ? '/dev/stdin' : passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        ...(durable ? [] : ['--no-sync']),
      ],
      env: { ...environmentOf('other', process.env), LC_ALL: 'C' },
      cwd: handle.cwd,
      ...(stdin === undefined ? {} : { stdin }),
      owner,
    });
    const { code } = await initdb.exited;
    if (code !== 0) {
      throw postgresProblem("PostgreSQL's data cannot be made", { dataFolder: folder }, initdb.lastLines());
    }
  } finally {
    if (stdin !== undefined) closeSync(stdin);
  }
}

/** Fails in containers whose root may not change owners. */
function giveTo(owner: ProcessOwner, path: string): void {
  try {
    chownSync(path, owner.uid, owner.gid);
  } catch (error) {
    throw new StartProblem(
      `PostgreSQL does not run as root, and ${shownPath(path)} cannot be given to the user who runs it instead ` +
        `(user id ${owner.uid}): ${messageOf(error)}. Start Mailroom as an ordinary user, or where root may do so.`,
      { cause: error },
    );
  }
}

/** The major version that wrote a data folder, such as `18`. */
export function clusterVersion(dataFolder: string): string {
  return readFileSync(join(dataFolder, 'PG_VERSION'), 'utf8').trim();
}
