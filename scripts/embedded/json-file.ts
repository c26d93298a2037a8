import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Reads a JSON file of ours; undefined when it is not there, or holds no JSON. */
export function readJsonFile<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** Replaces a JSON file at once, so that nobody ever reads half of it. Only we may read it. */
export function writeJsonFile(path: string, value: unknown): void {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, path);
}
