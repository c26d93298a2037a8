import { readFileSync } from 'node:fs';

/** A recorded body of Microsoft; `samples/SOURCES.md` says where each comes from. */
export function sample(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`./samples/${name}.json`, import.meta.url), 'utf8'));
}
