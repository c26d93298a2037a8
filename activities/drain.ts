import { isFailure } from '../domain/failure.ts';
import { DRAIN_UNASKED_AFTER_MS } from '../domain/schedule.ts';
import { activityHolder } from './activity-holder.ts';
import { createCaptureTurn } from './capture-turn.ts';
import type { DrainReport } from './contract.ts';
import type { Dependencies } from './dependencies.ts';
import { drainHeldMailbox } from './held-drain.ts';
import { withMailboxHeld } from './mailbox-hold.ts';

/** Looks go on meanwhile, and ring when there is something to drain. */
const nothing: DrainReport = {
  captured: 0,
  known: 0,
  skipped: 0,
  quarantined: 0,
  hasMore: false,
  nextDrainInMs: DRAIN_UNASKED_AFTER_MS,
};

/**
 * Reads everything new of one mailbox, page after page, for one turn. Safe to repeat at any point: each page moves the
 * cursor in the transaction that stores its messages, and what somebody else wrote meanwhile is left alone.
 *
 * What hinders the account is shown on it before the activity fails. Throws Throttled, Unavailable, MailboxGone (all
 * retried) and CredentialRejected (not retried). Settings and access that Microsoft refuses end the turn without a
 * failure: looks find out when they work again, and thousands of accounts would only wait for that in retries.
 */
export function createDrain(dependencies: Dependencies) {
  return async function drain(accountId: string): Promise<DrainReport> {
    try {
      return await withMailboxHeld(dependencies, accountId, activityHolder(dependencies), async (hold) => {
        const turn = createCaptureTurn(dependencies, hold);
        const { outcome, reconcileDueAt } = await drainHeldMailbox(turn);
        const { pages: _, ...counts } = turn.counts;
        return {
          ...nothing,
          ...counts,
          hasMore: outcome === 'more',
          ...(reconcileDueAt ? { reconcileDueAt: reconcileDueAt.getTime() } : {}),
        };
      });
    } catch (error) {
      if (isFailure(error, 'SettingsRejected') || isFailure(error, 'AccessRefused')) return nothing;
      throw error;
    }
  };
}
