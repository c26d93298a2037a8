import { existsSync, renameSync } from 'node:fs';

/** Rotates the log of the last start to `.1` and the one before to `.2`. Older ones are deleted. */
export function rotateLog(path: string): void {
  for (const [from, to] of [
    [`${path}.1`, `${path}.2`],
    [path, `${path}.1`],
  ] as const) {
    if (existsSync(from)) renameSync(from, to);
  }
}
