import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SignInRef } from '../../database/accounts/account-sign-in.ts';
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
import { budgetUsedUp } from './request-allowance.ts';
import type { ReadingAttempt } from './show-condition.ts';

/** A lease on a mailbox: no other process drains it until the work is done. */
export interface Hold extends SignInRef {
  readonly mailbox: MailboxClient;
  /** By the database's clock. */
  readonly startedAt: Date;
  /** Aborted together with the holder's signal, and when another process takes the mailbox. */
  readonly signal: AbortSignal;
  /**
   * Call it before each step that sends at most `atMost` requests: heartbeats and counts them against the budget.
   * Throws Throttled when the budget does not cover the step, and Unavailable when another process holds the mailbox.
   */
  beforeStep(progress: number, atMost: number): Promise<void>;
}

/** The process that holds a mailbox. */
export interface Holder {
  /** Ends the work when aborted. */
  readonly signal: AbortSignal;
  /** Milliseconds for which a holder that no longer answers keeps the mailbox. */
  readonly leaseMs: number;
  /** Milliseconds to wait for another holder. */
  readonly patienceMs: number;
  /** Reports that the work continues. */
  heartbeat(progress: number): void;
  /** Reports that the work failed, for another reason than its signal. */
  failed(attempt: ReadingAttempt, error: unknown): Promise<unknown>;
}

/** Renewals within a lease: a page may take longer than one interval, and one renewal may get lost. */
const RENEWALS_IN_A_LEASE = 4;
/** The previous attempt, which is being cancelled, ends within a page. */
const ASK_AGAIN_EVERY_MS = 100;

/**
 * Runs work on a mailbox under a lease, so that no other process drains it, and counts its requests against the
 * mailbox's budget. The lease is renewed, with a heartbeat, for as long as the work takes; if it cannot be renewed in
 * time, the work is aborted before another process begins.
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
  const { startedAt, signInNumber, place } = taken;
  const ended = new AbortController();
  const signal = AbortSignal.any([by.signal, ended.signal]);
  const mailbox = openMailbox(dependencies, { accountId, signInNumber, ...place }, signal);
  let paid = taken.paid;
  let heartbeat = 0;

  /** Returns the milliseconds until the budget allows more requests than these. */
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
      // A short silence of PostgreSQL is retried; an expired lease belongs to another process.
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
        throw budgetUsedUp(retryAfterMs);
      },
    });
  } catch (error) {
    if (!signal.aborted) await by.failed({ accountId, signInNumber, startedAt }, error);
    throw error;
  } finally {
    clearInterval(keeping);
    // A failed request may leave others of its page in flight, and the next holder needs all three slots free.
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
    // An abort that arrives late must not change the watch: another attempt may have read the mailbox to its end.
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
