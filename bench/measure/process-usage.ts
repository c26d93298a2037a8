import { readdirSync, readFileSync } from 'node:fs';

/** CPU time and memory of a process and all of its descendants. Linux only: it reads `/proc`. */
export interface ProcessUsage {
  /** User and system time, including children that have ended. */
  readonly cpuSeconds: number;
  /** Proportional set size: memory shared by several processes counts once. */
  readonly memoryBytes: number;
}

/** USER_HZ is 100 on every Linux that Node runs on (`getconf CLK_TCK`): a resolution of 10 ms. */
const TICKS_PER_SECOND = 100;

/** Reads the CPU time and memory of a process with all of its descendants. */
export function readProcessUsage(pid: number): ProcessUsage {
  const processes = listProcesses();
  const family = membersOf(processes, pid);
  let ticks = 0;
  let memoryBytes = 0;
  for (const member of family) {
    ticks += processes.find(({ id }) => id === member)?.ticks ?? 0;
    memoryBytes += readMemory(member);
  }
  return { cpuSeconds: ticks / TICKS_PER_SECOND, memoryBytes };
}

/** The ids of a process and all of its descendants. */
export function familyOf(pid: number): readonly number[] {
  return membersOf(listProcesses(), pid);
}

function membersOf(processes: readonly ProcessRow[], pid: number): readonly number[] {
  const family = [pid];
  for (const member of family) {
    for (const { id, parent } of processes) if (parent === member) family.push(id);
  }
  return family;
}

interface ProcessRow {
  readonly id: number;
  readonly parent: number;
  /** Of the process, and of the children that it has waited for. */
  readonly ticks: number;
}

function listProcesses(): readonly ProcessRow[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // The program's name, in parentheses, may contain blanks. After it, the parent is the second field, and utime,
        // stime, cutime and cstime are the 12th to 15th (proc(5)).
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
        return [{ id: Number(name), parent: Number(fields[1]), ticks }];
      } catch {
        // The process has just ended.
        return [];
      }
    });
}

function readMemory(pid: number): number {
  try {
    const [, kilobytes] = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+) kB$/m) ?? [];
    return Number(kilobytes ?? 0) * 1_024;
  } catch {
    return 0;
  }
}
