import type { ProcessOwner } from './process-owner.ts';

/** How a program names a folder: the arguments of its start. */
export interface FolderHandle {
  /** The working directory to start it in; undefined: any. */
  readonly cwd: string | undefined;
  /** The path to give it. */
  readonly path: string;
}

/**
 * Lets a program of another user work in its own folder, although it may not enter the folders above: in root's home, or
 * in any clone with mode 0700. The program inherits the folder as its working directory, for which nothing above is asked, and
 * names it by the link that Linux keeps to it. Elsewhere, and for our own user, the path is as it is.
 */
export function handleOf(folder: string, owner: ProcessOwner | undefined): FolderHandle {
  const inherited = owner !== undefined && process.platform === 'linux';
  return inherited ? { cwd: folder, path: '/proc/self/cwd' } : { cwd: undefined, path: folder };
}
