import { spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';

/** A separate file system that can be filled. */
export interface SmallDisk {
  /** Leaves no free byte. */
  fill(): void;
  /** Frees the space again. */
  empty(): void;
  unmount(): void;
}

/**
 * PostgreSQL's files for 100,000 mails, and room for its log; in memory, which is used only as far as it is written.
 */
const MEGABYTES = 3_072;

/**
 * Mounts a small file system in memory at `folder`. Undefined where that is not permitted: it takes root, and few
 * containers allow it. To fill it, its size is reduced to its content, which takes no time and no memory.
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
