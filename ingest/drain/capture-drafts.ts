import { findInboxId } from '../../database/accounts/inbox-id.ts';
import { forgetDrafts, listDraftMail } from '../../database/capture/inbox-drafts.ts';
import { prepareListed } from '../message/page-preparation.ts';
import { type CaptureTurn, captureBesideWalk, REQUESTS_OF_A_MESSAGE } from './capture-turn.ts';

/** Drafts per turn; each costs a request. */
const DRAFTS_PER_TURN = 20;

/**
 * Captures drafts that have been in the inbox for an hour and still are: a program put them there. Safe to repeat:
 * captured messages are known.
 */
export async function captureDrafts(turn: CaptureTurn): Promise<void> {
  const { db, accountId } = turn;
  const graphIds = await listDraftMail(db, accountId, DRAFTS_PER_TURN);
  if (graphIds.length === 0) return;
  const draftsIn = await findInboxId(db, accountId);
  if (draftsIn === undefined) return;
  await turn.beforeStep(0, REQUESTS_OF_A_MESSAGE * graphIds.length);
  const { messages, rejected } = await prepareListed(graphIds, { ...turn, captureFrom: null, draftsIn });
  if (await captureBesideWalk(turn, { origin: 'list', messages, rejected }))
    await forgetDrafts(db, accountId, graphIds);
}
