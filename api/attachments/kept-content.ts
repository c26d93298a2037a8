import type { ContentTarget } from '../../database/content/content-sources.ts';
import {
  ContentLost,
  discardContent,
  findContent,
  readChunks,
  type WholeContent,
} from '../../database/content/contents.ts';
import { CHUNK_BYTES, CONTENT_WITHIN_MS } from '../../domain/content-limits.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { Problem } from '../http/problem.ts';
import type { ByteRange } from './byte-range.ts';
import { contentProblem } from './content-problem.ts';

type Needed = Pick<ApiDependencies, 'db' | 'keys' | 'contents' | 'config'>;

/** Content whose first bytes were read. */
export interface KeptContent {
  readonly content: WholeContent;
  /** At most the first quarter of a megabyte; all of a small file. */
  readonly start: Uint8Array;
  /** All bytes, or those of a range. Throws ContentLost when the cache is emptied on the way. */
  readonly bytes: (range?: ByteRange) => AsyncGenerator<Uint8Array, void>;
}

/** Content of the cache, read from the mailbox where it is not there. Throws the Problem that says why it cannot be given. */
export function createKeptContent({ db, keys, contents, config }: Needed) {
  const { scanRequired } = config.content;
  const isMissingScan = ({ verdict }: WholeContent) => scanRequired && verdict !== 'clean' && verdict !== 'infected';

  /** Of the cache, or read again where a scan is required and missing: the scanner may be back. */
  async function find(target: ContentTarget): Promise<WholeContent | undefined> {
    const found = await findContent(db, target);
    if (found === undefined || !isMissingScan(found)) return found;
    await discardContent(db, found.id);
    return undefined;
  }

  async function read(target: ContentTarget): Promise<WholeContent> {
    const report = await contents.read(target, CONTENT_WITHIN_MS);
    const problem = report && contentProblem(report);
    if (problem) throw problem;
    const found = report && (await findContent(db, target));
    if (found) return found;
    throw new Problem(
      'content-not-ready',
      'Reading this from the mailbox takes longer than half a minute. It goes on: ask again in a moment.',
      { headers: { 'retry-after': '5' } },
    );
  }

  async function openStart(content: WholeContent): Promise<KeptContent> {
    const chunks = readChunks(db, keys, content);
    const first = await chunks.next();
    return {
      content,
      start: first.done ? new Uint8Array() : first.value,
      bytes: (range) => (range === undefined ? all() : rangeOf(content, range)),
    };
    async function* all() {
      if (!first.done) yield first.value;
      yield* chunks;
    }
  }

  async function* rangeOf(content: WholeContent, { from, to }: ByteRange): AsyncGenerator<Uint8Array, void> {
    const first = Math.floor(from / CHUNK_BYTES);
    let at = first * CHUNK_BYTES;
    for await (const piece of readChunks(db, keys, content, first)) {
      yield piece.subarray(Math.max(0, from - at), to + 1 - at);
      at += piece.length;
      if (at > to) return;
    }
  }

  return async (target: ContentTarget): Promise<KeptContent> => {
    for (let isAgain = false; ; isAgain = true) {
      const content = (await find(target)) ?? (await read(target));
      refuseUnsafe(content, isMissingScan(content));
      try {
        return await openStart(content);
      } catch (error) {
        if (!(error instanceof ContentLost)) throw error;
        // What is left of it is of no use, and keeps others from reading it again.
        await discardContent(db, content.id);
        if (isAgain) throw error;
      }
    }
  };
}

export type KeepContent = ReturnType<typeof createKeptContent>;

function refuseUnsafe({ verdict, finding }: WholeContent, isMissingScan: boolean): void {
  if (verdict === 'infected') {
    throw new Problem('content-infected', 'The virus scanner found malware in this file. It is given to no one.', {
      facts: { finding: finding ?? '' },
    });
  }
  if (isMissingScan) {
    throw new Problem(
      'content-unscanned',
      'The file could not be checked for malware, and is withheld until it was. Try again later.',
      { facts: { finding: finding ?? '' } },
    );
  }
}
