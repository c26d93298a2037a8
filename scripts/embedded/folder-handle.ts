import type { ProcessOwner } from './process-owner.ts';

/** A folder as start options of a program. */
export interface FolderHandle {
  /** The working directory to start it in; undefined: any. */
  readonly cwd: string | undefined;
  /** The path to pass to it. */
  readonly path: string;
}

/**
 * Lets a program that runs as another user work in its own folder without access to the folders above: in root's home,
 * or in any clone with mode 0700. The program inherits the folder as its working directory, which needs no access to
 * the folders above, and names it by Linux' link to it. On other systems, and for our own user, the path is unchanged.
 */
export function handleOf(folder: string, owner: ProcessOwner | undefined): FolderHandle {
  const inherited = owner !== undefined && process.platform === 'linux';
  return inherited ? { cwd: folder, path: '/proc/self/cwd' } : { cwd: undefined, path: folder };
}
