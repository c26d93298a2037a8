import { clearCondition } from '../database/account-conditions.ts';
import { findInboxId, putInboxId } from '../database/account-life.ts';
import { openCursor, restartCursor } from '../database/cursors.ts';
import { findListedMailbox, readByList, takeRestart, trustDelta } from '../database/listed-mailboxes.ts';
import { clearSettingsFault } from '../database/settings.ts';
import { resumeWatch } from '../database/watches.ts';
import { isFailure } from '../domain/failure.ts';
import { DRAIN_TURN_MS } from '../domain/schedule.ts';
import { captureAgain } from './capture-again.ts';
import { captureDrafts } from './capture-drafts.ts';
import { type CaptureTurn, FOLDER } from './capture-turn.ts';
import type { DeltaRefusal } from './delta-reading.ts';
import { walkDelta } from './delta-walk.ts';
import { rememberDrain } from './drain-record.ts';
import { walkList } from './list-walk.ts';
import { readAttachmentsAgain } from './read-attachments-again.ts';

export interface HeldDrain {
  /** `paused`: the account is not enabled any more, and nothing was written since. */
  readonly outcome: 'current' | 'more' | 'paused';
  /** When mailbox and ledger are to be compared; told at the mailbox's end. */
  readonly reconcileDueAt?: Date | undefined;
}

/**
 * Reads everything new of a mailbox that is held, for one turn, and lets it be looked at again when it reached the end.
 * What it did is counted in the turn and remembered.
 */
export async function drainHeldMailbox(turn: CaptureTurn): Promise<HeldDrain> {
  const { db, accountId, counts, mailbox, watchIntervals: intervals } = turn;
  const outcome = await rememberDrain(turn, () => walk(turn));
  if (outcome !== 'paused') {
    const condition = await clearCondition(db, accountId, { clockSkewMs: mailbox.clockSkewMs() });
    if (condition === 'SettingsRejected') await clearSettingsFault(db);
  }
  if (outcome === 'current') await readInboxIdOnce(turn);
  const end = { startedAt: turn.startedAt, captured: counts.captured > 0, intervals };
  const reconcileDueAt = outcome === 'current' ? await resumeWatch(db, accountId, end) : undefined;
  return { outcome, reconcileDueAt };
}

/** Accounts of an earlier release, and those whose mailbox could not be read at their sign-in, do not have it yet. */
async function readInboxIdOnce({ db, accountId, mailbox, signal }: CaptureTurn): Promise<void> {
  if ((await findInboxId(db, accountId)) !== undefined) return;
  try {
    await putInboxId(db, accountId, await mailbox.readInboxId(signal));
  } catch (error) {
    // Nothing that a drain could not do without: the next one asks again.
    if (!isFailure(error)) throw error;
  }
}

/** What a person wants tried again, then what is new, then what is to be tried again by itself. */
async function walk(turn: CaptureTurn): Promise<HeldDrain['outcome']> {
  const endsAt = Date.now() + DRAIN_TURN_MS;
  await captureAgain(turn, 'wanted');
  const outcome = await walkToEnd(turn, endsAt);
  // Last, because each may take as long as a message that does not come.
  if (outcome === 'current' && Date.now() < endsAt) {
    await captureAgain(turn, 'due');
    await readAttachmentsAgain(turn);
    await captureDrafts(turn);
  }
  return outcome;
}

/** By delta; by the list of the inbox where Microsoft does not tell of changes, until delta is due again. */
async function walkToEnd(turn: CaptureTurn, endsAt: number): Promise<HeldDrain['outcome']> {
  const { db, accountId } = turn;
  const listed = await findListedMailbox(db, accountId);
  if (listed && !listed.deltaIsDue) return await walkList(turn, listed, endsAt);
  if (!listed && !turn.cloud.hasMailDelta)
    return await setDeltaAside(turn, { trouble: 'delta-not-offered', code: undefined }, endsAt);
  if (listed) await beginAgain(turn);
  const outcome = await walkDelta(turn, { endsAt, mayRestart: true });
  if (typeof outcome === 'object') return await setDeltaAside(turn, outcome, endsAt);
  if (listed && outcome === 'current') await trustDelta(db, accountId);
  return outcome;
}

/** A walk that failed, had no end or kept silent is not gone on with. */
async function beginAgain({ db, accountId }: CaptureTurn): Promise<void> {
  const since = await takeRestart(db, accountId);
  if (since === undefined) return;
  const cursor = await openCursor(db, accountId, FOLDER);
  await restartCursor(db, accountId, cursor, { reason: 'delta-tried-again', since });
}

async function setDeltaAside(
  turn: CaptureTurn,
  { trouble, code }: DeltaRefusal,
  endsAt: number,
): Promise<HeldDrain['outcome']> {
  const { accountId } = turn;
  const listed = await readByList(turn.db, accountId, { reason: trouble, code });
  turn.log?.('delta.set-aside', { accountId, reason: trouble, code });
  return await walkList(turn, listed, endsAt);
}
