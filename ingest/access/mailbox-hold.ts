import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SignInRef } from '../../database/accounts/account-life.ts';
import type { Database } from '../../database/database.ts';
import {
  holdMailbox,
  REQUESTS_PAID_AT_ONCE,
  releaseMailbox,
  renewHold,
  type TakenMailbox,
} from '../../database/ingest/mailbox-budgets.ts';
import { Failure } from '../../domain/failure.ts';
import type { MailboxClient } from '../../graph/mail/mailbox-client.ts';
import type { Dependencies } from '../dependencies.ts';
import { openMailbox } from './mailbox-access.ts';
import type { ReadingAttempt } from './show-condition.ts';

/** A mailbox that nobody else drains until the work is done. */
export interface Hold extends SignInRef {
  readonly mailbox: MailboxClient;
  /** By the database's clock. */
  readonly startedAt: Date;
  /** Aborted when the holder's is, and when the mailbox is lost to somebody else. */
  readonly signal: AbortSignal;
  /**
   * To be called before each step that sends at most `atMost` requests: heartbeats and pays for them. Throws Throttled
   * when the budget does not cover the step, and Unavailable when somebody else has the mailbox.
   */
  beforeStep(progress: number, atMost: number): Promise<void>;
}

/** Who holds a mailbox, and how. */
export interface Holder {
  /** Ends the work when it is aborted. */
  readonly signal: AbortSignal;
  /** Milliseconds for which the mailbox is somebody's who does not answer any more. */
  readonly leaseMs: number;
  /** Milliseconds to wait for somebody else who holds the mailbox. */
  readonly patienceMs: number;
  /** Says that the work goes on. */
  heartbeat(progress: number): void;
  /** The work failed, for another reason than its signal. */
  failed(attempt: ReadingAttempt, error: unknown): Promise<unknown>;
}

/** Renewed so many times within a lease: a page may take longer than that, and one renewal may get lost. */
const RENEWALS_IN_A_LEASE = 4;
/** The attempt before, which is being cancelled, ends within a page. */
const ASK_AGAIN_EVERY_MS = 100;

/**
 * Runs work on a mailbox that nobody else drains meanwhile, and counts its requests against the mailbox's budget. The hold
 * is renewed, with a heartbeat, as long as the work takes; when that cannot be done in time, the work is aborted before
 * anybody else begins.
 *
 * Throws Unavailable (`mailbox-held`), with the time to wait, while another attempt holds the mailbox: its process may
 * have died.
 */
export async function withMailboxHeld<Result>(
  dependencies: Dependencies,
  accountId: string,
  by: Holder,
  work: (hold: Hold) => Promise<Result>,
): Promise<Result> {
  const { db } = dependencies;
  const { leaseMs } = by;
  const holder = randomUUID();
  let renewedAtMs = Date.now();
  const taken = await take(db, accountId, { ...by, holder });
  const { startedAt, signInNumber, sharedAddress } = taken;
  const ended = new AbortController();
  const signal = AbortSignal.any([by.signal, ended.signal]);
  const mailbox = openMailbox(dependencies, { accountId, signInNumber, sharedAddress }, signal);
  let paid = taken.paid;
  let heartbeat = 0;

  /** Returns when there are more requests to be had than these, in milliseconds. */
  async function renew(requests: number): Promise<number> {
    const atMs = Date.now();
    const more = await renewHold(db, accountId, { holder, leaseMs, requests });
    if (!more) throw lost();
    renewedAtMs = atMs;
    paid += more.paid;
    return more.nextInMs;
  }

  async function keep(): Promise<void> {
    by.heartbeat(heartbeat);
    try {
      await renew(0);
    } catch (error) {
      // PostgreSQL that does not answer for a moment is asked again; a hold that ran out is somebody else's.
      if (error instanceof Failure || Date.now() - renewedAtMs > leaseMs) ended.abort(lost());
    }
  }

  const keeping = setInterval(keep, leaseMs / RENEWALS_IN_A_LEASE);
  try {
    return await work({
      accountId,
      signInNumber,
      mailbox,
      startedAt,
      signal,
      async beforeStep(progress, atMost) {
        heartbeat = progress;
        by.heartbeat(progress);
        signal.throwIfAborted();
        const missing = () => mailbox.requestsSent() + atMost - paid;
        if (missing() <= 0) return;
        const retryAfterMs = await renew(Math.max(missing(), REQUESTS_PAID_AT_ONCE));
        if (missing() <= 0) return;
        throw new Failure('Throttled', 'The mailbox has used up its requests of ten minutes', {
          reason: 'budget-used-up',
          retryAfterMs,
        });
      },
    });
  } catch (error) {
    if (!signal.aborted) await by.failed({ accountId, signInNumber, startedAt }, error);
    throw error;
  } finally {
    clearInterval(keeping);
    // A request that failed may have left others of its page under way: whoever comes next counts on three being free.
    ended.abort();
    await mailbox.settled();
    await releaseMailbox(db, accountId, { holder, unspent: paid - mailbox.requestsSent() });
  }
}

async function take(
  db: Database,
  accountId: string,
  { patienceMs, signal, ...by }: Holder & { readonly holder: string },
): Promise<TakenMailbox> {
  const givesUpAt = Date.now() + patienceMs;
  for (;;) {
    // Who is told late must not touch the watch: another attempt may have read the mailbox to its end.
    signal.throwIfAborted();
    const taken = await holdMailbox(db, accountId, by);
    if (taken.held) return taken;
    if (Date.now() >= givesUpAt) {
      throw new Failure('Unavailable', 'Another attempt still reads this mailbox', {
        reason: 'mailbox-held',
        retryAfterMs: taken.freeInMs,
      });
    }
    await sleep(ASK_AGAIN_EVERY_MS, undefined, { signal });
  }
}

function lost(): Failure {
  return new Failure('Unavailable', 'Another attempt reads this mailbox', { reason: 'mailbox-held' });
}
