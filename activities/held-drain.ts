import { clearCondition } from '../database/account-conditions.ts';
import { hasInboxId, putInboxId } from '../database/account-life.ts';
import { findFullMailbox, recordFullMailbox } from '../database/full-mailboxes.ts';
import { clearSettingsFault } from '../database/settings.ts';
import { resumeWatch } from '../database/watches.ts';
import { isFailure } from '../domain/failure.ts';
import { DRAIN_TURN_MS } from '../domain/schedule.ts';
import { captureAgain } from './capture-again.ts';
import type { CaptureTurn } from './capture-turn.ts';
import { walkDelta } from './delta-walk.ts';
import { rememberDrain } from './drain-record.ts';
import { walkList } from './list-walk.ts';

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
  if (await hasInboxId(db, accountId)) return;
  try {
    await putInboxId(db, accountId, await mailbox.readInboxId(signal));
  } catch (error) {
    // Nothing that a drain could not do without: the next one asks again.
    if (!isFailure(error)) throw error;
  }
}

/** By delta; by the list of the inbox where the mailbox is full and Microsoft therefore refuses delta. */
async function walk(turn: CaptureTurn): Promise<HeldDrain['outcome']> {
  const { db, accountId } = turn;
  const endsAt = Date.now() + DRAIN_TURN_MS;
  await captureAgain(turn);
  const full = await findFullMailbox(db, accountId);
  if (full && !full.deltaIsDue) return await walkList(turn, full, endsAt);
  const outcome = await walkDelta(turn, { wasFull: full !== undefined, endsAt, mayRestart: true });
  if (outcome !== 'refused') return outcome;
  return await walkList(turn, await recordFullMailbox(db, accountId), endsAt);
}
