import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A process gets its share in slices of at most this length: short ones resemble a slower machine, long ones a busy
 * one.
 */
const PERIOD_US = 20_000;

/** A CPU limit that processes share, as on a machine of that size. */
export interface SimulatedMachine {
  add(pid: number): void;
  /** Call it after its processes have ended. */
  remove(): Promise<void>;
}

/** Where the kernel's control groups are. */
type Hierarchy = { readonly folder: string; readonly version: 1 | 2 };

/**
 * A machine with this share of a core, by a control group (docs.kernel.org/admin-guide/cgroup-v2.html, cpu). Undefined
 * where this process may not create one: that takes root and a writable /sys/fs/cgroup.
 */
export function createSimulatedMachine(name: string, cores: number): SimulatedMachine | undefined {
  const hierarchy = findHierarchy();
  if (hierarchy === undefined) return undefined;
  const folder = join(hierarchy.folder, `mailroom-bench-${process.pid}-${name}`);
  const write = (file: string, value: string) => writeFileSync(join(folder, file), value);
  const quotaUs = Math.round(cores * PERIOD_US);
  try {
    mkdirSync(folder);
    if (hierarchy.version === 2) write('cpu.max', `${quotaUs} ${PERIOD_US}`);
    else {
      write('cpu.cfs_period_us', String(PERIOD_US));
      write('cpu.cfs_quota_us', String(quotaUs));
    }
  } catch {
    if (existsSync(folder)) rmdirSync(folder);
    return undefined;
  }
  return {
    add: (pid) => write('cgroup.procs', String(pid)),
    async remove() {
      // The kernel releases a process a moment after its end.
      for (let tries = 0; existsSync(folder); tries++) {
        try {
          rmdirSync(folder);
        } catch (error) {
          if (tries === 50) throw error;
          await sleep(100);
        }
      }
    },
  };
}

function findHierarchy(): Hierarchy | undefined {
  if (existsSync('/sys/fs/cgroup/cgroup.controllers')) return { folder: '/sys/fs/cgroup', version: 2 };
  if (existsSync('/sys/fs/cgroup/cpu/cgroup.procs')) return { folder: '/sys/fs/cgroup/cpu', version: 1 };
  return undefined;
}
