import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { indexPending, noteOutdated } from '../database/search/index-pending.ts';
import { renewSearchWords } from '../database/search/search-words.ts';
import { createTroubleLog } from './trouble-log.ts';

/** A mail is found about this long after its capture. */
const INDEX_EVERY_MS = 2_000;
/** 20 to 40 ms of work between two turns of the event loop. */
const MESSAGES_OF_A_BATCH = 50;
/** Beside the capture of mail, which goes first: at most a third of a core while many messages wait. */
const REST_MS = 100;
const WORDS_EVERY_MS = 600_000;

/** Indexes captured messages for search (decision 54). Returns a function that stops it. */
export function startSearchIndexing(db: Database, logger: Logger): () => Promise<void> {
  const ended = new AbortController();
  const rest = (ms: number) => sleep(ms, undefined, { signal: ended.signal }).catch(() => {});
  const trouble = createTroubleLog(logger, 'search.could-not-index');
  let wordsDueAt = 0;

  /** How many messages it indexed, or noted to be indexed next. */
  async function indexSome(): Promise<number> {
    try {
      const { indexed, refused } = await indexPending(db, MESSAGES_OF_A_BATCH);
      for (const messageId of refused) logger.warn({ messageId }, 'search.message-not-indexed');
      if (indexed === 0 && Date.now() >= wordsDueAt) {
        wordsDueAt = Date.now() + WORDS_EVERY_MS;
        await renewSearchWords(db);
      }
      const handled = indexed > 0 ? indexed : await noteOutdated(db, MESSAGES_OF_A_BATCH);
      trouble.worked();
      return handled;
    } catch (error) {
      if (!ended.signal.aborted) trouble.failed(error);
      return 0;
    }
  }

  async function index(): Promise<void> {
    while (!ended.signal.aborted) {
      const handled = await indexSome();
      await rest(handled === MESSAGES_OF_A_BATCH ? REST_MS : INDEX_EVERY_MS);
    }
  }
  const indexing = index();
  return async () => {
    ended.abort();
    await indexing;
  };
}
