import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { readSealedEntries } from '../../database/audit/sealed-entries.ts';
import { confirmStreamed, endStreamTurn, noteStreamProblem, takeStreamTurn } from '../../database/audit/stream-turn.ts';
import type { Database } from '../../database/database.ts';
import { asDatabaseFailure } from '../../database/database-failure.ts';
import { describeError } from '../../process/describe-error.ts';
import type { AuditReceiver } from './otlp-receiver.ts';
import { recordOfEntry } from './record-of-entry.ts';
import { StreamRefused } from './stream-problem.ts';

/** An entry reaches the receiver about this long after its seal. */
const LOOK_EVERY_MS = 1_000;
/** How soon another worker notices that the sender was killed. */
const LOOK_FOR_TURN_EVERY_MS = 5_000;
/** About 200 kB before compression. */
const ENTRIES_AT_A_TIME = 200;
const FIRST_PAUSE_MS = 1_000;
/** How long entries wait at most after the receiver is back. */
const LONGEST_PAUSE_MS = 30_000;
/** Longer than a batch or a pause takes, so that two workers do not send at a time. */
const TURN_MS = 60_000;
const STOPS_WITHIN_MS = 1_000;
/** Receivers refuse a batch as a whole because it is too large, or because of one entry: smaller ones follow at once. */
const REFUSED_AS_A_WHOLE = [400, 413, 422];

export interface AuditStreamOptions {
  readonly db: Database;
  readonly receiver: AuditReceiver;
  readonly logger: Logger;
  readonly turnMs?: number;
  readonly firstPauseMs?: number;
}

/**
 * Sends the sealed entries of the audit trail to another system, in the order of their numbers, each at least once
 * (decision 73): what the receiver confirmed is stored afterwards. Any number of workers may; one of them has the turn.
 * Returns a function that stops it.
 */
export function startAuditStream(options: AuditStreamOptions): () => Promise<void> {
  const { db, receiver, logger, turnMs = TURN_MS, firstPauseMs = FIRST_PAUSE_MS } = options;
  const sender = randomUUID();
  const ended = new AbortController();
  const rest = (ms: number) => sleep(ms, undefined, { signal: ended.signal }).catch(() => {});
  let batchSize = ENTRIES_AT_A_TIME;
  let failures = 0;

  /** Sends the next entries. Returns how long to rest. */
  async function sendNext(): Promise<number> {
    const confirmed = await takeStreamTurn(db, sender, turnMs);
    if (confirmed === undefined) return Math.min(LOOK_FOR_TURN_EVERY_MS, turnMs);
    const entries = await readSealedEntries(db, confirmed, batchSize);
    const last = entries.at(-1);
    if (!last) return LOOK_EVERY_MS;
    const rejected = await receiver.send(entries.map(recordOfEntry));
    await confirmStreamed(db, sender, { number: last.number, rejected });
    if (rejected > 0) logger.warn({ rejected, from: entries[0]?.number, to: last.number }, 'audit.stream-rejected');
    if (failures > 0) logger.info({ failures }, 'audit.stream-resumed');
    failures = 0;
    if (entries.length === batchSize) return 0;
    batchSize = ENTRIES_AT_A_TIME;
    return LOOK_EVERY_MS;
  }

  async function notSent(error: unknown): Promise<number> {
    const isTooMuch = error instanceof StreamRefused && REFUSED_AS_A_WHOLE.includes(error.status ?? 0) && batchSize > 1;
    const backOffMs = Math.min(firstPauseMs * 2 ** failures, LONGEST_PAUSE_MS) * (0.75 + Math.random() / 4);
    const pauseMs = isTooMuch ? 0 : Math.round(backOffMs);
    if (isTooMuch) batchSize = Math.ceil(batchSize / 4);
    failures += 1;
    if (!(error instanceof StreamRefused)) {
      logger.warn({ pauseMs, ...describeError(asDatabaseFailure(error)) }, 'audit.could-not-stream');
      return pauseMs;
    }
    const { problem, status } = error;
    logger.warn({ pauseMs, problem, status }, 'audit.could-not-stream');
    await noteStreamProblem(db, sender, problem).catch(() => {});
    return pauseMs;
  }

  async function work(): Promise<void> {
    while (!ended.signal.aborted) await rest(await sendNext().catch(notSent));
    await endStreamTurn(db, sender).catch(() => {});
    await receiver.close();
  }
  const working = work();
  return async () => {
    ended.abort();
    // A batch under way is sent again by another worker.
    await Promise.race([working, sleep(STOPS_WITHIN_MS)]);
  };
}
