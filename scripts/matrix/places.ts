/** An environment for the two commands. */
export interface Place {
  readonly name: string;
  readonly user: 'root' | 'ordinary';
  /** Private: only this user may enter the folder above the clone. */
  readonly folder: 'private' | 'shared';
  readonly umask: '022' | '077';
  readonly home: 'usual' | 'missing' | 'read-only';
  /** Version of the package `node` that runs npm; undefined: this machine's Node. */
  readonly node?: string;
  /** Whether packages are installed there, as on a fresh machine, instead of copied. */
  readonly isFresh: boolean;
}

const usual = { folder: 'private', umask: '022', home: 'usual', isFresh: false } as const;

/** Covers every value at least once, and the combinations that once failed. */
export const places: readonly Place[] = [
  { ...usual, name: 'root-private', user: 'root' },
  { ...usual, name: 'root-shared', user: 'root', folder: 'shared' },
  { ...usual, name: 'root-fresh-umask-077', user: 'root', umask: '077', isFresh: true },
  { ...usual, name: 'root-home-missing', user: 'root', home: 'missing' },
  { ...usual, name: 'ordinary-private', user: 'ordinary' },
  { ...usual, name: 'ordinary-shared', user: 'ordinary', folder: 'shared' },
  { ...usual, name: 'ordinary-fresh-home-missing', user: 'ordinary', umask: '077', home: 'missing', isFresh: true },
  { ...usual, name: 'ordinary-fresh-home-read-only', user: 'ordinary', home: 'read-only', isFresh: true },
  { ...usual, name: 'node-20', user: 'ordinary', node: '20', isFresh: true },
  { ...usual, name: 'node-22', user: 'ordinary', node: '22', isFresh: true },
  { ...usual, name: 'node-24', user: 'ordinary', node: '24', isFresh: true },
  { ...usual, name: 'node-26', user: 'ordinary', node: '26', isFresh: true },
];
