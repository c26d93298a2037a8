import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import {
  BUDGET_TOKENS_PER_SECOND,
  type HeldMailbox,
  holdMailbox,
  releaseMailbox,
  renewHold,
} from '../database/mailbox-budgets.ts';
import { Failure } from '../domain/failure.ts';
import type { MailboxClient } from '../graph/mailbox-client.ts';
import type { Dependencies } from './dependencies.ts';
import { openMailbox } from './mailbox-access.ts';

/** A mailbox that nobody else reads until the work is done. */
export interface Hold {
  readonly mailbox: MailboxClient;
  /** By the database's clock. */
  readonly startedAt: Date;
  /**
   * To be called before each step that sends at most `atMost` requests: heartbeats, keeps the hold, pays for what was
   * sent. Throws Throttled when the budget does not cover the step, and Unavailable when somebody else has the mailbox.
   */
  beforeStep(progress: number, atMost: number): Promise<void>;
}

/** A bucket that is empty is filled by this much before anybody goes on: not a page, a pause, a page, a pause. */
const REFILL_WORTH_WAITING_FOR_MS = 30_000;

/**
 * Runs work on a mailbox that no other worker reads meanwhile, and counts its requests against the mailbox's budget.
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
  const taken = await holdMailbox(db, accountId, { holder, leaseMs });
  if (!taken.held) {
    throw new Failure('Unavailable', 'Another attempt still reads this mailbox', {
      reason: 'mailbox-held',
      retryAfterMs: taken.freeInMs,
    });
  }
  const mailbox = openMailbox(
    dependencies,
    { accountId, sharedAddress: taken.sharedAddress },
    context.cancellationSignal,
  );
  let budget: HeldMailbox = taken;
  let renewedAtMs = Date.now();
  let paid = 0;

  async function renew(): Promise<void> {
    const sent = mailbox.requestsSent();
    const renewed = await renewHold(db, accountId, { holder, leaseMs, requests: sent - paid });
    if (!renewed) throw new Failure('Unavailable', 'Another attempt reads this mailbox', { reason: 'mailbox-held' });
    budget = renewed;
    paid = sent;
    renewedAtMs = Date.now();
  }

  try {
    return await work({
      mailbox,
      startedAt: taken.at,
      async beforeStep(progress, atMost) {
        context.heartbeat(progress);
        const affords = () => budget.tokens - (mailbox.requestsSent() - paid) >= atMost;
        if (Date.now() - renewedAtMs > leaseMs / 3 || !affords()) await renew();
        if (affords()) return;
        const missing = atMost - budget.tokens;
        throw new Failure('Throttled', 'The mailbox has used up its requests of ten minutes', {
          reason: 'budget-used-up',
          retryAfterMs: Math.max(REFILL_WORTH_WAITING_FOR_MS, (missing / BUDGET_TOKENS_PER_SECOND) * 1_000),
        });
      },
    });
  } finally {
    await releaseMailbox(db, accountId, { holder, requests: mailbox.requestsSent() - paid });
  }
}
