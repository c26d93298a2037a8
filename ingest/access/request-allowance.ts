import { payRequests, REQUESTS_PAID_AT_ONCE, refundRequests } from '../../database/ingest/mailbox-budgets.ts';
import { Failure } from '../../domain/failure.ts';
import { UNPAID_REQUESTS_A_MINUTE } from '../../domain/schedule.ts';
import type { Dependencies } from '../dependencies.ts';

const MINUTE_MS = 60_000;

/** The requests of one poll. */
export interface PollRequests {
  /**
   * Call it before a step of at most so many further requests. Throws Throttled when the budget does not cover them.
   */
  allow(sent: number, atMost: number): Promise<void>;
  /** Counts the requests that were sent. */
  settle(sent: number): Promise<void>;
}

/**
 * Counts the requests of polls by mailbox and minute, in memory: a lone message costs two or three, and writing that
 * down would cost more than the message. Requests beyond what fits beside the budget of drains
 * (`database/ingest/mailbox-budgets.ts`) are paid from that budget.
 */
export function createRequestAllowance({ db }: Pick<Dependencies, 'db'>): (accountId: string) => PollRequests {
  let minute = 0;
  let unpaid = new Map<string, number>();

  function unpaidOf(accountId: string): number {
    const now = Math.floor(Date.now() / MINUTE_MS);
    if (now !== minute) {
      minute = now;
      unpaid = new Map();
    }
    return unpaid.get(accountId) ?? 0;
  }

  return (accountId) => {
    const free = Math.max(0, UNPAID_REQUESTS_A_MINUTE - unpaidOf(accountId));
    let paid = 0;
    return {
      async allow(sent, atMost) {
        const missing = () => sent + atMost - free - paid;
        if (missing() <= 0) return;
        const more = await payRequests(db, accountId, Math.max(missing(), REQUESTS_PAID_AT_ONCE));
        paid += more.paid;
        if (missing() <= 0) return;
        throw new Failure('Throttled', 'The mailbox has used up its requests of ten minutes', {
          reason: 'budget-used-up',
          retryAfterMs: more.nextInMs,
        });
      },
      async settle(sent) {
        unpaid.set(accountId, unpaidOf(accountId) + Math.min(sent, free));
        const unspent = paid - Math.max(0, sent - free);
        if (paid > 0 && unspent > 0) await refundRequests(db, accountId, unspent);
      },
    };
  };
}
