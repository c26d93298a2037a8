import type { DrainReport } from '../contract/activities.ts';
import { clearCondition } from '../database/accounts/account-conditions.ts';
import { findInboxId, putInboxId } from '../database/accounts/inbox-id.ts';
import { clearSettingsFault } from '../database/accounts/settings.ts';
import { violatedConstraint } from '../database/database-failure.ts';
import { resumeWatch } from '../database/ingest/watches.ts';
import type { WalkEnd } from '../domain/drain-outcome.ts';
import { Failure, isFailure } from '../domain/failure.ts';
import { DRAIN_TURN_MS, DRAIN_UNASKED_AFTER_MS } from '../domain/schedule.ts';
import { withMailboxHeld } from '../ingest/access/mailbox-hold.ts';
import type { Dependencies } from '../ingest/dependencies.ts';
import { type CaptureTurn, createCaptureTurn } from '../ingest/drain/capture-turn.ts';
import { drainMailbox } from '../ingest/drain/drain-mailbox.ts';
import { activityHolder } from './activity-holder.ts';

/** What a lease on the mailbox of an account violates that does not exist. */
const LEASE_OF_ACCOUNT = 'mailbox_budgets_account_id_fkey';

/** Polls continue, and hand over whatever needs a drain. */
const nothing: DrainReport = {
  captured: 0,
  known: 0,
  skipped: 0,
  quarantined: 0,
  hasMore: false,
  nextDrainInMs: DRAIN_UNASKED_AFTER_MS,
};

/**
 * Reads everything new in one mailbox, page after page, for one turn. Safe to repeat at any point: each page moves the
 * cursor in the transaction that stores its messages, and rows that another process wrote in between are left alone.
 *
 * A condition that stops the account is shown on it before the activity fails. Throws Throttled, Unavailable,
 * MailboxGone (all retried) and CredentialRejected (not retried). SettingsRejected and AccessRefused end the turn
 * without a failure: polls find out when Microsoft accepts them again, and thousands of accounts would otherwise wait
 * for that in retries. Of an account that does not exist, because a backup from before it was restored, it fails as of one
 * that must sign in again: the workflow reads the row, and ends.
 */
export function createDrain(dependencies: Dependencies) {
  return async function drain(accountId: string): Promise<DrainReport> {
    try {
      return await withMailboxHeld(dependencies, accountId, activityHolder(dependencies), async (hold) => {
        const turn = createCaptureTurn(dependencies, hold);
        const { outcome, reconcileDueAt } = await drainToEnd(turn);
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
      if (violatedConstraint(error) === LEASE_OF_ACCOUNT) {
        throw new Failure('CredentialRejected', 'The account does not exist', { cause: error });
      }
      throw error;
    }
  };
}

export interface DrainToEnd {
  readonly outcome: WalkEnd;
  /** When the next reconciliation is due; known once the mailbox has been read to its end. */
  readonly reconcileDueAt?: Date | undefined;
}

/** Drains for one turn under the mailbox's lease, and returns the mailbox to its reader once the end is reached. */
export async function drainToEnd(turn: CaptureTurn): Promise<DrainToEnd> {
  const { db, accountId, counts, mailbox, watchIntervals: intervals } = turn;
  const outcome = await drainMailbox(turn, { withinMs: DRAIN_TURN_MS });
  if (outcome !== 'paused') {
    const condition = await clearCondition(db, accountId, { clockSkewMs: mailbox.clockSkewMs() });
    if (condition === 'SettingsRejected') await clearSettingsFault(db);
  }
  if (outcome === 'current') await readInboxIdOnce(turn);
  const end = { startedAt: turn.startedAt, captured: counts.captured > 0, intervals };
  const reconcileDueAt = outcome === 'current' ? await resumeWatch(db, accountId, end) : undefined;
  return { outcome, reconcileDueAt };
}

/** Missing on accounts of an earlier release, and on those whose mailbox could not be read at sign-in. */
async function readInboxIdOnce({ db, accountId, mailbox, signal }: CaptureTurn): Promise<void> {
  if ((await findInboxId(db, accountId)) !== undefined) return;
  try {
    await putInboxId(db, accountId, await mailbox.readInboxId(signal));
  } catch (error) {
    // A drain works without it; the next one asks again.
    if (!isFailure(error)) throw error;
  }
}
