import { setTimeout as sleep } from 'node:timers/promises';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts';
import type { ServerProcess } from './server-process.ts';

interface RecordedProcess extends ProcessIdentity {
  readonly name: string;
  readonly stopSignal: NodeJS.Signals;
}

/** The processes that this one started, kept in a file: after a kill, the next start finds what is left. */
export interface ProcessRecord {
  /** Adds a process, and removes it when it ends. */
  add(process: ServerProcess, stopSignal?: NodeJS.Signals): void;
  /** The running processes, oldest first. */
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
 * Ends the processes of an earlier start. A process is ended only if it is provably the recorded one: same number, same
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
