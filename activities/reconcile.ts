import { Context } from '@temporalio/activity';
import type { ReconcileReport } from '../contract/activities.ts';
import { findKnownMessages } from '../database/capture/known-messages.ts';
import { findRestart, openCursor, restartCursor } from '../database/ingest/cursors.ts';
import { findListedMailbox } from '../database/ingest/listed-mailboxes.ts';
import {
  type Comparison,
  openComparison,
  postponeReconciliation,
  recordTurn,
} from '../database/ingest/reconciliations.ts';
import { isFailure } from '../domain/failure.ts';
import { RECONCILE_RETRY_MS, RECONCILE_TURN_MS } from '../domain/schedule.ts';
import type { ListedMessage, UnlistedMessage } from '../graph/mail/inbox-list.ts';
import { withMailboxHeld } from '../ingest/access/mailbox-hold.ts';
import { retryDelayMs } from '../ingest/access/retry-delay.ts';
import type { Dependencies } from '../ingest/dependencies.ts';
import { captureListed, noteListedDrafts, parkUnlisted } from '../ingest/drain/capture-listed.ts';
import { type CaptureTurn, createCaptureTurn, FOLDER } from '../ingest/drain/capture-turn.ts';
import { findMissing, listInbox } from '../ingest/drain/inbox-listing.ts';
import { activityHolder } from './activity-holder.ts';
import { drainToEnd } from './drain.ts';

/** A turn stops listing and finishes once this many messages are missing; reading them takes a while. */
const MISSING_PER_TURN = 200;

/**
 * Reconciles a mailbox with the ledger for one turn, when due: lists ids of the inbox, then drains. A message still
 * missing after that will not arrive by any drain. It is captured like any other message and listed as a difference.
 *
 * The drain in the middle keeps mail that arrives during the turn, or is moved into the inbox, from being counted as a
 * difference: delta is queried after the list and reports it. Mail younger than the longest delay of delta is not
 * checked at all.
 *
 * A difference means that delta left a message out, so its walk starts over afterwards.
 *
 * Safe to repeat: a turn is counted once, at its end, and what it captured before is known the next time. Heartbeats
 * with each slice. Fails like a drain; the reconciliation is then due again somewhat later, so that drains come first.
 */
export function createReconcile(dependencies: Dependencies) {
  const { db } = dependencies;

  return async function reconcile(accountId: string): Promise<ReconcileReport> {
    const { cancellationSignal: signal } = Context.current();
    const nothing = { seen: 0, known: 0, repaired: 0, hasMore: false };
    try {
      const comparison = await openComparison(db, accountId);
      if (!comparison) return { ...nothing, nextDueInMs: RECONCILE_RETRY_MS };
      if ('dueInMs' in comparison) return { ...nothing, nextDueInMs: comparison.dueInMs };
      return await withMailboxHeld(dependencies, accountId, activityHolder(dependencies), async (hold) => {
        return await compare(comparison, () => createCaptureTurn(dependencies, hold));
      });
    } catch (error) {
      if (!signal.aborted) await postponeReconciliation(db, accountId, delayAfter(error));
      throw error;
    }
  };
}

async function compare(comparison: Comparison, forTurn: () => CaptureTurn): Promise<ReconcileReport> {
  const { captureFrom } = comparison;
  const turn = forTurn();
  const { db, accountId } = turn;
  const unchanged = { seen: comparison.seen, known: comparison.known, repaired: 0 };
  const { listed, missing, parked, unlisted, next } = await list(turn, comparison);

  const { outcome } = await drainToEnd(forTurn());
  if (outcome !== 'current') return notYet(unchanged, outcome);

  if (!(await parkUnlisted(turn, await findMissing(turn, unlisted), 'comparison'))) return notYet(unchanged, 'paused');
  const missed = await findMissing(turn, missing);
  const endsAt = Date.now() + RECONCILE_TURN_MS;
  const repair = await captureListed(turn, missed, { origin: 'comparison', captureFrom, endsAt });
  const repaired = turn.counts.captured + turn.counts.quarantined;
  if (turn.counts.captured > 0) await distrustCursor(turn);
  if (repair.outcome !== 'current') return notYet({ ...unchanged, repaired }, repair.outcome);

  const captured = await findKnownMessages(db, accountId, [...missing.map(({ id }) => id), ...parked]);
  const seen = listed - repair.gone;
  const known = listed - missing.length - parked.length - unlisted.length + captured.size;
  const receivedEarlier = next === undefined ? await countEarlier(turn, captureFrom) : undefined;
  const nextDueInMs = await recordTurn(db, accountId, comparison, { seen, known, next, receivedEarlier });
  // Another attempt of this turn finished first, so the due time has to be read again.
  if (nextDueInMs === undefined) return notYet({ ...unchanged, repaired }, 'more');
  return {
    seen: comparison.seen + seen,
    known: comparison.known + known,
    repaired,
    hasMore: next !== undefined,
    nextDueInMs,
  };
}

/** How much of the inbox is not captured because it predates the account; undefined: Microsoft did not say. */
async function countEarlier(turn: CaptureTurn, captureFrom: Date | null): Promise<number | undefined> {
  if (captureFrom === null) return 0;
  try {
    return await turn.mailbox.countMessages({ folder: FOLDER, receivedBefore: captureFrom }, turn.signal);
  } catch (error) {
    // The reconciliation is complete; this number is for display only.
    if (!isFailure(error)) throw error;
    return undefined;
  }
}

/**
 * Restarts the delta walk, because delta left out mail that exists. Does nothing when lists have replaced delta
 * already.
 */
async function distrustCursor({ db, accountId }: CaptureTurn): Promise<void> {
  if (await findListedMailbox(db, accountId)) return;
  const since = await findRestart(db, accountId);
  await restartCursor(db, accountId, await openCursor(db, accountId, FOLDER), { reason: 'differences-found', since });
}

interface Listed {
  /** Number of messages listed. */
  readonly listed: number;
  /** Listed messages that are not in the ledger. */
  readonly missing: readonly ListedMessage[];
  /** Ids of listed messages in quarantine. */
  readonly parked: readonly string[];
  /** Messages that cannot be listed and are not in quarantine yet. */
  readonly unlisted: readonly UnlistedMessage[];
  /** Where the next slice starts; undefined: the end was reached. */
  readonly next: Date | undefined;
}

async function list(turn: CaptureTurn, { from, receivedBefore: before, captureFrom }: Comparison): Promise<Listed> {
  const endsAt = Date.now() + RECONCILE_TURN_MS;
  const missing: ListedMessage[] = [];
  const parked: string[] = [];
  const unlisted: UnlistedMessage[] = [];
  let listed = 0;
  let next: Date | undefined;
  const beforeRequest = (soFar: number) => turn.beforeStep(soFar, 1);
  for await (const listing of listInbox({ ...turn, captureFrom, beforeRequest }, { from, before })) {
    await noteListedDrafts(turn, listing.drafts);
    listed += listing.listed;
    missing.push(...listing.missing);
    unlisted.push(...listing.unlisted);
    parked.push(...listing.parked);
    next = listing.hasMore ? listing.until : undefined;
    if (missing.length >= MISSING_PER_TURN || Date.now() >= endsAt) break;
  }
  return { listed, missing, parked, unlisted, next };
}

type SoFar = Pick<ReconcileReport, 'seen' | 'known' | 'repaired'>;

/** The turn was not counted. It runs again: at once, or when the account is enabled. */
function notYet(soFar: SoFar, because: 'more' | 'paused'): ReconcileReport {
  const hasMore = because === 'more';
  return { ...soFar, hasMore, nextDueInMs: hasMore ? 0 : RECONCILE_RETRY_MS };
}

function delayAfter(error: unknown): number {
  return (isFailure(error) ? retryDelayMs(error) : undefined) ?? RECONCILE_RETRY_MS;
}
