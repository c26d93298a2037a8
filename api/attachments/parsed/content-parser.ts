import pLimit from 'p-limit';
import { Piscina } from 'piscina';
import type { BytesToParse, PartBytes } from './parse-bytes.ts';
import type { ParseTask } from './parse-thread.ts';
import type { ParsedContent } from './parsed-content.ts';

/** Bytes that are read whole to be shown; larger content is only downloaded. */
export const MOST_PARSED_BYTES = 30 * 1024 * 1024;

interface ContentParserLimits {
  /** A hundred times what real mail needs. */
  readonly timeLimitMs?: number;
  readonly heapMegabytes?: number;
}

export interface ContentParser {
  /** Undefined: the bytes are not what they were taken for, or more than can be read within limits. */
  parse(content: BytesToParse): Promise<ParsedContent | undefined>;
  /** A part of a message; undefined: there is none. */
  part(bytes: Uint8Array, place: readonly number[]): Promise<PartBytes | undefined>;
  close(): Promise<void>;
}

/**
 * Reads strangers' files in a thread without environment, with limited time and heap: exceeding a limit ends the thread,
 * and costs that file its preview. One at a time.
 */
export function createContentParser({
  timeLimitMs = 5_000,
  heapMegabytes = 384,
}: ContentParserLimits = {}): ContentParser {
  const pool = new Piscina<ParseTask, ParsedContent | PartBytes | undefined>({
    filename: new URL('./parse-thread.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: 30_000,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 32 },
  });
  // A crashed thread rejects its task; piscina also emits the error on the pool, which would end the process.
  pool.on('error', () => {});
  const inTurn = pLimit(1);

  async function run(task: ParseTask): Promise<ParsedContent | PartBytes | undefined> {
    try {
      return await inTurn(() => pool.run(task, { signal: AbortSignal.timeout(timeLimitMs) }));
    } catch {
      return undefined;
    }
  }

  return {
    parse: async (content) => (await run({ task: 'parse', ...content })) as ParsedContent | undefined,
    part: async (bytes, place) => (await run({ task: 'part', bytes, place })) as PartBytes | undefined,
    close: () => pool.destroy(),
  };
}
