import { spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';

/** A file system of its own that can be full. */
export interface SmallDisk {
  /** Not a byte is left. */
  fill(): void;
  /** There is room again. */
  empty(): void;
  unmount(): void;
}

/** PostgreSQL's files of 100,000 mails, and room for its log; in memory, of which it takes only what is written. */
const MEGABYTES = 3_072;

/**
 * Mounts a small file system in memory at `folder`. Undefined where that is not allowed: only root may, and few containers
 * let it. It is filled by making it as small as what it holds, which takes no time and no memory.
 */
export function mountSmallDisk(folder: string): SmallDisk | undefined {
  mkdirSync(folder, { recursive: true });
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const mount = (options: string) =>
    spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' }).status === 0;
  const roomy = `size=${MEGABYTES}m,mode=0711`;
  if (!mount(roomy)) return undefined;
  return {
    fill() {
      const { blocks, bfree, bsize } = statfsSync(folder);
      if (!mount(`remount,size=${(blocks - bfree) * bsize}`)) throw new Error(`${folder} cannot be made smaller`);
    },
    empty: () => void mount(`remount,${roomy}`),
    unmount: () => void spawnSync('umount', ['--lazy', folder]),
  };
}
