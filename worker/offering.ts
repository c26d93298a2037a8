import type { Logger } from 'pino';
import { CHANGES_CHANNEL, type ChangeTopic, parseChangeNotice } from '../database/change-notices.ts';
import type { Database } from '../database/database.ts';
import type { ConnectionSource } from '../database/lasting-connection.ts';
import { listenToNotices } from '../database/notices.ts';
import { offerItems } from '../database/offers/offer-items.ts';
import { createInterruptiblePause } from './interruptible-pause.ts';
import { createTroubleLog } from './trouble-log.ts';

/** Offers end by time, which no notice announces. */
const ROUND_EVERY_MS = 1_000;
/** While no queue offers its items: in case a notice was lost. */
const LOOK_EVERY_MS = 5_000;
/** A burst of notices is one round; people do not see the difference. */
const GATHER_MS = 100;

/** What may bring an item or a person to be offered. */
const topics: ReadonlySet<ChangeTopic> = new Set(['items', 'offers', 'queues', 'users']);

/**
 * Offers items to persons (decision 56): a round every second, and at once when something changes. Returns a function
 * that stops it.
 */
export function startOffering(db: Database, source: ConnectionSource, logger: Logger): () => Promise<void> {
  const ended = new AbortController();
  const pause = createInterruptiblePause();
  const trouble = createTroubleLog(logger, 'offers.could-not-be-made');
  let isUsed = false;

  const listening = listenToNotices(
    { ...source, channel: CHANGES_CHANNEL },
    {
      onNotice(payload) {
        const topic = parseChangeNotice(payload)?.topic;
        // Mail arrives all the time; only a change of a queue makes it matter.
        if (topic && topics.has(topic) && (isUsed || topic === 'queues')) pause.interrupt();
      },
      onListening: () => pause.interrupt(),
      onLost() {},
    },
  );

  async function round(): Promise<void> {
    try {
      ({ isUsed } = await offerItems(db));
      trouble.worked();
    } catch (error) {
      if (!ended.signal.aborted) trouble.failed(error);
    }
  }

  async function offer(): Promise<void> {
    while (!ended.signal.aborted) {
      await round();
      await pause.wait(isUsed ? ROUND_EVERY_MS : LOOK_EVERY_MS, GATHER_MS);
    }
  }
  const offering = offer();
  return async () => {
    ended.abort();
    pause.end();
    await listening.close();
    await offering;
  };
}
