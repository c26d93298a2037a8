import { readFileSync } from 'node:fs';

/** Reads a file that holds one secret, without the line break at its end. Throws the errors of reading a file. */
export function readSecretFile(path: string): string {
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
}
