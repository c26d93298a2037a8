import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { SignInRef } from '../database/account-life.ts';
import { holdMailbox, REQUESTS_PAID_AT_ONCE, releaseMailbox, renewHold } from '../database/mailbox-budgets.ts';
import { Failure } from '../domain/failure.ts';
import type { MailboxClient } from '../graph/mailbox-client.ts';
import type { Dependencies } from './dependencies.ts';
import { showHindrance } from './hindrance.ts';
import { openMailbox } from './mailbox-access.ts';

/** A mailbox that nobody else drains until the work is done. */
export interface Hold extends SignInRef {
  readonly mailbox: MailboxClient;
  /** By the database's clock. */
  readonly startedAt: Date;
  /** Aborted when the activity is cancelled, and when the mailbox is lost to somebody else. */
  readonly signal: AbortSignal;
  /**
   * To be called before each step that sends at most `atMost` requests: heartbeats and pays for them. Throws Throttled
   * when the budget does not cover the step, and Unavailable when somebody else has the mailbox.
   */
  beforeStep(progress: number, atMost: number): Promise<void>;
}

/** Renewed so many times within a lease: a page may take longer than that, and one renewal may get lost. */
const RENEWALS_IN_A_LEASE = 4;

/**
 * Runs work on a mailbox that no other worker drains meanwhile, and counts its requests against the mailbox's budget.
 * The hold is renewed, with a heartbeat, as long as the work takes; when that cannot be done in time, the work is
 * aborted before anybody else begins. What hinders the work is shown on the account.
 *
 * Throws Unavailable, with the time to wait, while another attempt holds the mailbox: its worker may have died.
 */
export async function withMailboxHeld<Result>(
  dependencies: Dependencies,
  accountId: string,
  work: (hold: Hold) => Promise<Result>,
): Promise<Result> {
  const { db, drainHeartbeatTimeoutMs: leaseMs } = dependencies;
  const context = Context.current();
  const holder = randomUUID();
  let renewedAtMs = Date.now();
  const taken = await holdMailbox(db, accountId, { holder, leaseMs });
  if (!taken.held) {
    throw new Failure('Unavailable', 'Another attempt still reads this mailbox', {
      reason: 'mailbox-held',
      retryAfterMs: taken.freeInMs,
    });
  }
  const { startedAt, signInNumber, sharedAddress } = taken;
  const ended = new AbortController();
  const signal = AbortSignal.any([context.cancellationSignal, ended.signal]);
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
    context.heartbeat(heartbeat);
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
        context.heartbeat(progress);
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
    if (!signal.aborted) await showHindrance(dependencies, { accountId, signInNumber, startedAt }, error);
    throw error;
  } finally {
    clearInterval(keeping);
    // A request that failed may have left others of its page under way: whoever comes next counts on three being free.
    ended.abort();
    await mailbox.settled();
    await releaseMailbox(db, accountId, { holder, unspent: paid - mailbox.requestsSent() });
  }
}

function lost(): Failure {
  return new Failure('Unavailable', 'Another attempt reads this mailbox', { reason: 'mailbox-held' });
}
