import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJsonFile } from './json-file.ts';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts';
import { StartProblem } from './start-problem.ts';

interface Holder extends ProcessIdentity {
  /** The address of the holder's stack. */
  readonly url: string;
}

/**
 * Makes this process the only one that runs a stack in a folder. The lock of a process that is gone does not count.
 * Returns the function that releases it. Throws StartProblem when another process holds it.
 */
export function takeStackLock(file: string, url: string): () => void {
  const own = `${file}.${process.pid}`;
  const self = identifyProcess(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
  writeFileSync(own, JSON.stringify({ ...self, url }));
  try {
    for (;;) {
      try {
        // Links to a finished file: the lock appears atomically, with its content, and only if there is none.
        linkSync(own, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      const holder = findStackHolder(file);
      if (holder !== undefined) {
        const { pid } = holder;
        throw new StartProblem(
          `Mailroom runs here already: ${holder.url}. To stop it, press Ctrl-C where it runs, or: kill ${pid}`,
        );
      }
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** The process that holds this folder's lock. */
export function findStackHolder(file: string): Holder | undefined {
  const holder = readJsonFile<Holder>(file);
  return holder !== undefined && isRunning(holder) ? holder : undefined;
}

const STOP_WITHIN_MS = 15_000;
const CHECK_EVERY_MS = 50;

/** Asks the process that runs a stack here to end, and waits for it. Returns false when there is none. */
export async function stopStackHolder(file: string): Promise<boolean> {
  const holder = findStackHolder(file);
  if (holder === undefined) return false;
  process.kill(holder.pid, 'SIGTERM');
  const deadline = performance.now() + STOP_WITHIN_MS;
  while (isRunning(holder)) {
    if (performance.now() > deadline) process.kill(holder.pid, 'SIGKILL');
    await sleep(CHECK_EVERY_MS);
  }
  return true;
}
