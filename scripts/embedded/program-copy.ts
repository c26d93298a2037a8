import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProcessOwner } from './process-owner.ts';
import { messageOf, StartProblem } from './start-problem.ts';

/** Places for a copy, in order of preference: only root can write to the first, and nothing cleans it up. */
const places = ['/var/cache', '/var/tmp', '/tmp', tmpdir(), '/run', '/dev/shm'];

const ENTER = 0o005;
const READ = 0o004;
const WRITE = 0o022;

/**
 * Returns a folder with the programs of `folder` that `owner` can run: `folder` itself where every user may read it. In
 * a clone that only root may enter, or that was installed with umask 077, it is a copy, made once for each version of
 * the files: PostgreSQL refuses programs that access(2) denies to its user, whatever capabilities that user has.
 * `program`, relative to the folder, is run to test each place. Throws StartProblem when no place works.
 */
export function copyProgramsFor(owner: ProcessOwner, folder: string, program: string): string {
  const entries = listEntries(folder);
  if (isOpenToAll(folder, entries)) return folder;
  const fingerprint = fingerprintOf(folder, entries);
  const problems: string[] = [];
  for (const place of new Set(places)) {
    try {
      const copy = ensureCopy(place, folder, fingerprint);
      runOnce(owner, join(copy, program));
      return copy;
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  throw new StartProblem(
    `PostgreSQL does not run as root, and the user who runs it instead (user id ${owner.uid}) may not enter ${folder}, ` +
      `nor could its programs be copied to where that user may (${problems[0]}). ` +
      'Start Mailroom as an ordinary user, or set DATABASE_URL to a PostgreSQL 18 of your own.',
  );
}

function ensureCopy(place: string, folder: string, fingerprint: string): string {
  if (!areEnterable(place)) throw new Error(`${place} is not open to other users`);
  const home = join(place, 'mailroom');
  const copy = join(home, `postgresql-${fingerprint}`);
  const isWhole = () => isOurs(home) && isOurs(copy) && fingerprintOf(copy, listEntries(copy)) === fingerprint;
  if (isWhole()) return copy;
  mkdirSync(home, { recursive: true });
  // Some of the places are writable for all users: a copy that another user prepared there is not run.
  if (!isOurs(home)) throw new Error(`${home} belongs to another user`);
  chmodSync(home, 0o755);
  const unfinished = mkdtempSync(join(home, 'copy-'));
  try {
    const target = join(unfinished, 'native');
    cpSync(folder, target, { recursive: true, verbatimSymlinks: true });
    for (const entry of ['', ...listEntries(target)]) openToAll(join(target, entry));
    // A concurrent start may have made the copy just now, and be running it.
    if (!isWhole()) {
      rmSync(copy, { recursive: true, force: true });
      renameSync(target, copy);
    }
    return copy;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Paths of everything below a folder, relative to it, in an order that does not depend on the file system. */
function listEntries(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

/** Covers names and sizes, and so detects files of another version and files that a cleanup removed from a copy. */
function fingerprintOf(folder: string, entries: readonly string[]): string {
  const hash = createHash('sha256');
  for (const entry of entries) {
    const found = lstatSync(join(folder, entry));
    hash.update(`${entry}\0${found.isDirectory() ? 'folder' : found.size}\0`);
  }
  return hash.digest('hex').slice(0, 16);
}

function isOpenToAll(folder: string, entries: readonly string[]): boolean {
  return areEnterable(folder) && ['', ...entries].every((entry) => isReadable(join(folder, entry)));
}

/** Whether every user may enter a folder and all folders above it. */
function areEnterable(folder: string): boolean {
  for (let path = realpathSync(folder); ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

function isReadable(path: string): boolean {
  const { mode } = lstatSync(path);
  const wanted = (mode & 0o111) === 0 ? READ : ENTER;
  return (mode & wanted) === wanted;
}

function openToAll(path: string): void {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return;
  chmodSync(path, found.isDirectory() || found.mode & 0o100 ? 0o755 : 0o644);
}

/** Whether this is a folder, not a link, that is ours and that only our user may write to. */
function isOurs(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & WRITE) === 0;
}

/** Throws where programs may not run: a file system mounted with `noexec`, a policy of the machine. */
function runOnce(owner: ProcessOwner, program: string): void {
  const { status, error, stderr } = spawnSync(program, ['--version'], { ...owner, cwd: '/', encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr.trim()}`);
}
