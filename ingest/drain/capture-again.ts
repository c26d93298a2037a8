import { listRetrying, type MessageToRetry, releaseMessages } from '../../database/capture/quarantine.ts';
import { unlistedAt } from '../../graph/mail/inbox-list.ts';
import { prepareAgain } from '../message/page-preparation.ts';
import { captureListed, parkUnlisted } from './capture-listed.ts';
import { type CaptureTurn, captureBesideWalk, REQUESTS_OF_A_MESSAGE } from './capture-turn.ts';
import { apartFromDrafts, findMissing } from './inbox-listing.ts';

/** Messages in quarantine per turn; each costs a request. */
const RETRIES_PER_TURN = { wanted: 20, due: 6 } as const;
const SECOND_MS = 1_000;

/** Captures messages in quarantine that a person wants retried, or whose retry is due. */
export async function captureAgain(turn: CaptureTurn, which: 'wanted' | 'due'): Promise<void> {
  const { db, accountId } = turn;
  const due = await listRetrying(db, accountId, which, RETRIES_PER_TURN[which]);
  if (due.length === 0) return;
  const byId = new Map(due.map((message) => [message.graphId, message]));
  const graphIds = [...byId.keys()].filter((id) => unlistedAt(id) === undefined);
  await turn.beforeStep(0, REQUESTS_OF_A_MESSAGE * due.length);
  const { messages, rejected } = await prepareAgain(graphIds, turn);
  const isTooOld = ({ graphId, receivedAt }: { graphId: string; receivedAt: Date }) => {
    const { isWanted, captureFrom } = byId.get(graphId) as MessageToRetry;
    return !isWanted && captureFrom !== null && receivedAt < captureFrom;
  };
  const wanted = messages.filter((message) => !isTooOld(message));
  if (!(await captureBesideWalk(turn, { origin: 'retry', messages: wanted, rejected }))) return;
  await releaseMessages(
    db,
    accountId,
    messages.filter(isTooOld).map(({ graphId }) => graphId),
  );
  for (const message of due) await listAgain(turn, message);
}

/** Lists the second again in which a message could not be listed, and captures what it finds. */
async function listAgain(turn: CaptureTurn, { graphId, captureFrom }: MessageToRetry): Promise<void> {
  const from = unlistedAt(graphId);
  if (from === undefined) return;
  const { db, accountId, mailbox, signal } = turn;
  const before = new Date(from.getTime() + SECOND_MS);
  await turn.beforeStep(0, 1);
  const { messages, unlisted } = await mailbox.listInbox({ from, before }, signal);
  if (unlisted.some(({ id }) => id === graphId)) {
    await parkUnlisted(turn, [{ id: graphId, receivedAt: from }], 'retry');
    return;
  }
  const missing = await findMissing(turn, apartFromDrafts(messages, captureFrom).mail);
  const { outcome } = await captureListed(turn, missing, {
    origin: 'list',
    captureFrom,
    endsAt: Number.POSITIVE_INFINITY,
  });
  if (outcome === 'current') await releaseMessages(db, accountId, [graphId]);
}
