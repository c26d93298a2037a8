import { openCursor, restartCursor } from '../../database/ingest/cursors.ts';
import { findListedMailbox, readByList, takeRestart, trustDelta } from '../../database/ingest/listed-mailboxes.ts';
import type { WalkEnd } from '../../domain/drain-outcome.ts';
import { captureAgain } from './capture-again.ts';
import { captureDrafts } from './capture-drafts.ts';
import { type CaptureTurn, FOLDER } from './capture-turn.ts';
import type { DeltaRefusal } from './delta-reading.ts';
import { type PageAhead, walkDelta } from './delta-walk.ts';
import { rememberDrain } from './drain-record.ts';
import { walkList } from './list-walk.ts';
import { readAttachmentsAgain } from './read-attachments-again.ts';

/** Limits of a drain. */
export interface DrainBudget {
  /** Milliseconds after which no further page begins; one is always written. */
  readonly withinMs: number;
  /** The first page, if a poll has read it already. */
  readonly ahead?: PageAhead | undefined;
}

/**
 * Captures everything new in a mailbox, within a budget: the one drain, for the workflow and for polls. A poll
 * (`isShort`) leaves everything beyond the next page of changes to the workflow: restarted walks, lists instead of
 * delta, retries. The turn's counts are recorded.
 */
export async function drainMailbox(turn: CaptureTurn, { withinMs, ahead }: DrainBudget): Promise<WalkEnd> {
  const endsAt = Date.now() + withinMs;
  return await rememberDrain(turn, () => (turn.isShort ? walkShortly(turn, endsAt, ahead) : walk(turn, endsAt)));
}

async function walkShortly(turn: CaptureTurn, endsAt: number, ahead: PageAhead | undefined): Promise<WalkEnd> {
  const end = await walkDelta(turn, { endsAt, ahead });
  return typeof end === 'object' ? 'more' : end;
}

/** Retries that a person wants, then new mail, then retries that are due. */
async function walk(turn: CaptureTurn, endsAt: number): Promise<WalkEnd> {
  await captureAgain(turn, 'wanted');
  const outcome = await walkToEnd(turn, endsAt);
  // Last, because each may take as long as a message that never arrives.
  if (outcome === 'current' && Date.now() < endsAt) {
    await captureAgain(turn, 'due');
    await readAttachmentsAgain(turn);
    await captureDrafts(turn);
  }
  return outcome;
}

/** Walks by delta; by the list of the inbox where delta does not work, until delta is due for a retry. */
async function walkToEnd(turn: CaptureTurn, endsAt: number): Promise<WalkEnd> {
  const { db, accountId } = turn;
  const listed = await findListedMailbox(db, accountId);
  if (listed && !listed.deltaIsDue) return await walkList(turn, listed, endsAt);
  if (!listed && !turn.cloud.hasMailDelta)
    return await setDeltaAside(turn, { trouble: 'delta-not-offered', code: undefined }, endsAt);
  if (listed) await beginAgain(turn);
  const outcome = await walkDelta(turn, { endsAt });
  if (typeof outcome === 'object') return await setDeltaAside(turn, outcome, endsAt);
  if (listed && outcome === 'current') await trustDelta(db, accountId);
  return outcome;
}

/** Restarts the walk after one that failed, had no end or left mail out. */
async function beginAgain({ db, accountId }: CaptureTurn): Promise<void> {
  const since = await takeRestart(db, accountId);
  if (since === undefined) return;
  const cursor = await openCursor(db, accountId, FOLDER);
  await restartCursor(db, accountId, cursor, { reason: 'delta-tried-again', since });
}

async function setDeltaAside(turn: CaptureTurn, { trouble, code }: DeltaRefusal, endsAt: number): Promise<WalkEnd> {
  const { accountId } = turn;
  const listed = await readByList(turn.db, accountId, { reason: trouble, code });
  turn.log?.('delta.set-aside', { accountId, reason: trouble, code });
  return await walkList(turn, listed, endsAt);
}
