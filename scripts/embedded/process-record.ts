import { setTimeout as sleep } from 'node:timers/promises';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts';
import type { ServerProcess } from './server-process.ts';

interface RecordedProcess extends ProcessIdentity {
  readonly name: string;
  readonly stopSignal: NodeJS.Signals;
}

/** Which processes run for us, kept in a file: whoever comes after a kill finds what it left behind. */
export interface ProcessRecord {
  /** Adds a process, and takes it out again when it ends. */
  add(process: ServerProcess, stopSignal?: NodeJS.Signals): void;
  /** Those that run, oldest first. */
  running(): readonly ServerProcess[];
}

export function createProcessRecord(file: string): ProcessRecord {
  const running = new Map<ServerProcess, RecordedProcess>();
  const write = () => writeJsonFile(file, [...running.values()]);
  return {
    add(process, stopSignal = 'SIGTERM') {
      const identity = identifyProcess(process.pid);
      if (identity === undefined) return;
      running.set(process, { name: process.name, ...identity, stopSignal });
      write();
      void process.exited.then(() => {
        running.delete(process);
        write();
      });
    },
    running: () => [...running.keys()],
  };
}

const LEFTOVER_GRACE_MS = 8_000;
const CHECK_EVERY_MS = 50;

/**
 * Ends what an earlier start left behind. A process is ended only if it is provably the recorded one: same number, same
 * start. Returns the names of those that were ended.
 */
export async function endRecordedProcesses(
  file: string,
  { graceMs = LEFTOVER_GRACE_MS } = {},
): Promise<readonly string[]> {
  const leftovers = (readJsonFile<RecordedProcess[]>(file) ?? []).filter(isRunning);
  for (const { pid, stopSignal } of leftovers) process.kill(pid, stopSignal);
  const deadline = Date.now() + graceMs;
  while (leftovers.some(isRunning) && Date.now() < deadline) await sleep(CHECK_EVERY_MS);
  for (const leftover of leftovers.filter(isRunning)) process.kill(leftover.pid, 'SIGKILL');
  while (leftovers.some(isRunning)) await sleep(CHECK_EVERY_MS);
  return leftovers.map(({ name }) => name);
}
