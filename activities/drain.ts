import { Context } from '@temporalio/activity';
import { DRAIN_UNASKED_AFTER_MS } from '../domain/schedule.ts';
import { createCaptureTurn } from './capture-turn.ts';
import type { DrainReport } from './contract.ts';
import type { Dependencies } from './dependencies.ts';
import { drainHeldMailbox } from './held-drain.ts';
import { hindered } from './hindrance.ts';
import { withMailboxHeld } from './mailbox-hold.ts';

/**
 * Reads everything new of one mailbox, page after page, for one turn. Safe to repeat at any point: each page moves the
 * cursor in the transaction that stores its messages, and what somebody else wrote meanwhile is left alone.
 *
 * Heartbeats once a page. What hinders the account is shown on it before the activity fails. Throws Throttled,
 * Unavailable, SettingsRejected, MailboxGone (all retried) and CredentialRejected (not retried).
 */
export function createDrain(dependencies: Dependencies) {
  return async function drain(accountId: string): Promise<DrainReport> {
    const { cancellationSignal: signal } = Context.current();
    try {
      return await withMailboxHeld(dependencies, accountId, async (hold) => {
        const turn = createCaptureTurn(dependencies, hold, { accountId, signal });
        const { outcome, reconcileDueAt } = await drainHeldMailbox(turn);
        const { pages: _, ...counts } = turn.counts;
        return {
          ...counts,
          hasMore: outcome === 'more',
          ...(reconcileDueAt ? { reconcileDueAt: reconcileDueAt.getTime() } : {}),
          nextDrainInMs: DRAIN_UNASKED_AFTER_MS,
        };
      });
    } catch (error) {
      throw await hindered(dependencies, accountId, error, signal);
    }
  };
}
