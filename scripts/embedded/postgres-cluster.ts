import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { postgresOwner } from './postgres-owner.ts';
import { startServerProcess } from './server-process.ts';

export interface ClusterOptions {
  readonly dataFolder: string;
  readonly user: string;
  readonly password: string;
  /** False only for data that nobody misses: tests. */
  readonly durable?: boolean;
}

/**
 * Makes the data folder of a PostgreSQL cluster if there is none yet: UTF-8, the built-in C.UTF-8 locale (the same
 * order of words on every machine and version), passwords by SCRAM. An interrupted attempt leaves no half a cluster.
 * Returns false when the cluster was there already.
 */
export async function createPostgresCluster({ dataFolder, user, password, durable = true }: ClusterOptions) {
  if (existsSync(join(dataFolder, 'PG_VERSION'))) return false;
  const unfinished = `${dataFolder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(dirname(dataFolder), { recursive: true });
  mkdirSync(unfinished, { mode: 0o700 });
  const owner = postgresOwner(unfinished);
  const secrets = mkdtempSync(join(tmpdir(), 'mailroom-initdb-'));
  const passwordFile = join(secrets, 'password');
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (owner) {
      for (const path of [unfinished, secrets, passwordFile]) chownSync(path, owner.uid, owner.gid);
    }
    const initdb = await startServerProcess({
      name: 'initdb',
      command: findPostgresBinaries().initdb,
      args: [
        `--pgdata=${unfinished}`,
        `--username=${user}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        ...(durable ? [] : ['--no-sync']),
      ],
      env: { ...process.env, LC_ALL: 'C' },
      owner,
    });
    const { code, signal } = await initdb.exited;
    if (code !== 0) {
      throw new Error(
        `PostgreSQL's data could not be set up (${signal ?? `code ${code}`}): ${initdb.lastLines().join(' · ')}`,
      );
    }
    // A folder without PG_VERSION is no cluster: what an earlier version or a person left there is replaced.
    rmSync(dataFolder, { recursive: true, force: true });
    renameSync(unfinished, dataFolder);
    return true;
  } finally {
    rmSync(secrets, { recursive: true, force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** The major version that wrote a data folder, such as `18`. */
export function clusterVersion(dataFolder: string): string {
  return readFileSync(join(dataFolder, 'PG_VERSION'), 'utf8').trim();
}
