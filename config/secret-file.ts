import { readFileSync } from 'node:fs';

/** Reads a file that holds one secret; the line break at its end is not part of it. Throws what reading a file throws. */
export function readSecretFile(path: string): string {
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
}
