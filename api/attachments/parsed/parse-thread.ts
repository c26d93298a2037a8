import { type BytesToParse, type PartBytes, parseBytes, partOf } from './parse-bytes.ts';
import type { ParsedContent } from './parsed-content.ts';

export type ParseTask =
  | ({ readonly task: 'parse' } & BytesToParse)
  | { readonly task: 'part'; readonly bytes: Uint8Array; readonly place: readonly number[] };

/** The task of a thread of `createContentParser`. */
export default async function run(task: ParseTask): Promise<ParsedContent | PartBytes | undefined> {
  return task.task === 'parse' ? await parseBytes(task) : await partOf(task.bytes, task.place);
}
