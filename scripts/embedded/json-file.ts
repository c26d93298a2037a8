import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Reads one of our JSON files; undefined if it is missing or holds no JSON. */
export function readJsonFile<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** Replaces a JSON file atomically, so that readers never see half of it. Readable only by our user. */
export function writeJsonFile(path: string, value: unknown): void {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, path);
}
