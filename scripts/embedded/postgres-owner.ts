import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import type { ProcessOwner } from './process-owner.ts';
import { StartProblem } from './start-problem.ts';

/** Users that may own the data when root starts PostgreSQL, in order of preference. Both need an entry in passwd. */
const candidates = ['postgres', 'nobody'];

/**
 * The user that PostgreSQL runs as when root starts it, because it refuses to run as root: the owner of the data, else
 * `postgres` if the machine has that user, else `nobody`; no user is created. Undefined when we are not root:
 * PostgreSQL then runs as our user.
 */
export function postgresOwner(dataFolder: string): ProcessOwner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const data = statSync(dataFolder, { throwIfNoEntry: false });
  if (data && data.uid !== 0) return { uid: data.uid, gid: data.gid };
  for (const name of candidates) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout));
    if (uid && gid) return { uid, gid };
  }
  throw new StartProblem(
    'PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as. Add one, or set DATABASE_URL.',
  );
}
