import { payRequests } from '../../database/ingest/mailbox-budgets.ts';
import { Failure } from '../../domain/failure.ts';
import { UNPAID_REQUESTS_A_MINUTE } from '../../domain/schedule.ts';
import type { Dependencies } from '../dependencies.ts';

const MINUTE_MS = 60_000;
/** What is left of them when their minute ends is lost. */
const PAID_AT_ONCE = 50;

/** The requests of one poll. */
export interface PollRequests {
  /**
   * Call it before a step of at most so many further requests. Throws Throttled when the budget does not cover them.
   */
  allow(sent: number, atMost: number): Promise<void>;
  /** Counts the requests that were sent. */
  settle(sent: number): void;
}

/**
 * Counts in memory how many requests polls may still send in this minute, by mailbox: a lone message costs two or three,
 * and writing that down would cost more than the message. Requests beyond what fits beside the budget of drains are paid
 * from that budget (`database/ingest/mailbox-budgets.ts`), for all polls of the minute.
 */
export function createRequestAllowance({ db }: Pick<Dependencies, 'db'>): (accountId: string) => PollRequests {
  let minute = 0;
  let left = new Map<string, number>();

  function leftOf(accountId: string): number {
    const now = Math.floor(Date.now() / MINUTE_MS);
    if (now !== minute) {
      minute = now;
      left = new Map();
    }
    return left.get(accountId) ?? UNPAID_REQUESTS_A_MINUTE;
  }

  return (accountId) => ({
    async allow(sent, atMost) {
      const missing = sent + atMost - leftOf(accountId);
      if (missing <= 0) return;
      const { paid, nextInMs } = await payRequests(db, accountId, Math.max(missing, PAID_AT_ONCE));
      left.set(accountId, leftOf(accountId) + paid);
      if (paid >= missing) return;
      throw budgetUsedUp(nextInMs);
    },
    settle(sent) {
      left.set(accountId, leftOf(accountId) - sent);
    },
  });
}

/** The mailbox has sent what Microsoft allows. */
export function budgetUsedUp(retryAfterMs: number): Failure {
  return new Failure('Throttled', 'The mailbox has used up its requests of ten minutes', {
    reason: 'budget-used-up',
    retryAfterMs,
  });
}
