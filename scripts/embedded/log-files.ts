import { existsSync, renameSync } from 'node:fs';

/** Puts the log of the last start aside as `.1`, and the one before as `.2`. Older ones go. */
export function rotateLog(path: string): void {
  for (const [from, to] of [
    [`${path}.1`, `${path}.2`],
    [path, `${path}.1`],
  ] as const) {
    if (existsSync(from)) renameSync(from, to);
  }
}
