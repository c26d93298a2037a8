import { accessSync, chmodSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, StartProblem } from './start-problem.ts';

/** The project's folder. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

/** The paths of everything that the embedded stack writes. */
export interface StackFolder {
  readonly path: string;
  readonly postgres: string;
  readonly temporalDatabase: string;
  readonly simulatorDatabase: string;
  readonly secrets: string;
  /** The environment of the running processes, for scripts that use them. */
  readonly environment: string;
  readonly processes: string;
  readonly lock: string;
  readonly logs: string;
  logOf(name: string): string;
}

export const defaultStackPath = join(projectFolder, '.mailroom');

/** Returns the paths in the folder; creates nothing. */
export function stackFolder(path: string = defaultStackPath): StackFolder {
  const logs = join(path, 'logs');
  return {
    path,
    postgres: join(path, 'postgres'),
    temporalDatabase: join(path, 'temporal.db'),
    simulatorDatabase: join(path, 'simulator.db'),
    secrets: join(path, 'secrets.json'),
    environment: join(path, 'environment.json'),
    processes: join(path, 'processes.json'),
    lock: join(path, 'lock.json'),
    logs,
    logOf: (name) => join(logs, `${name.toLowerCase()}.log`),
  };
}

/**
 * Creates the folder. Only our user may enter it; root's PostgreSQL, which runs as another user, gets an open handle to
 * its own folder. Throws StartProblem when the folder is not writable.
 */
export function createStackFolder(folder: StackFolder): void {
  try {
    mkdirSync(folder.path, { recursive: true });
    mkdirSync(folder.logs, { recursive: true });
    chmodSync(folder.path, 0o700);
    accessSync(folder.path, constants.W_OK);
  } catch (error) {
    throw new StartProblem(
      `Mailroom cannot keep its data in ${shownPath(folder.path)}: ${messageOf(error)}. ` +
        'Start it as the user who owns this folder, on a disk that has room and may be written to.',
      { cause: error },
    );
  }
}

/** Whether it holds a stack's data, those of a start that failed, or nothing: `reset` deletes all that is in it. */
export function isStackFolder({ path, logs, secrets, lock, processes }: StackFolder): boolean {
  if (!existsSync(path) || (existsSync(logs) && existsSync(secrets))) return true;
  const own = [logs, lock, processes].map((file) => basename(file));
  return readdirSync(path).every((name) => own.some((each) => name.startsWith(each)));
}

/** A path as people would type it from their current folder. */
export function shownPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? path : fromHere || '.';
}
