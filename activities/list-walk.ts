import { capturePage } from '../database/capture.ts';
import { advanceList, type ListedMailbox } from '../database/listed-mailboxes.ts';
import type { UnlistedMessage } from '../graph/inbox-list.ts';
import { captureListed, findMissing, mailOf, noteListedDrafts } from './capture-listed.ts';
import { type CaptureTurn, count, FOLDER } from './capture-turn.ts';

/**
 * Captures what is new in a mailbox by the list of its inbox, oldest first, to its end or the turn's. Where it stands is
 * stored after each slice, so that a walk that is interrupted leaves no gap behind it.
 */
export async function walkList(
  turn: CaptureTurn,
  { listFrom, captureFrom }: Pick<ListedMailbox, 'listFrom' | 'captureFrom'>,
  endsAt: number,
): Promise<'current' | 'more' | 'paused'> {
  const { db, accountId, counts } = turn;
  for (let from = listFrom; ; ) {
    await turn.beforeStep(counts.pages, 1);
    const slice = await turn.mailbox.listInbox({ from }, turn.signal);
    counts.pages++;
    if (!(await parkUnlisted(turn, slice.unlisted, 'list'))) return 'paused';
    await noteListedDrafts(turn, slice.messages, captureFrom);
    const missing = await findMissing(turn, mailOf(slice.messages, captureFrom));
    const { outcome } = await captureListed(turn, missing, { origin: 'list', captureFrom, endsAt });
    if (outcome !== 'done') return outcome;
    const listedUntil = slice.next ?? slice.messages.at(-1)?.receivedAt;
    if (listedUntil) await advanceList(db, accountId, listedUntil);
    if (!slice.next) return 'current';
    if (Date.now() > endsAt) return 'more';
    from = slice.next;
  }
}

/**
 * Puts messages into quarantine that Microsoft cannot even list, where they are not there yet: by the time of their receipt,
 * which is all that is known. False when the account is not enabled any more.
 */
export async function parkUnlisted(
  turn: CaptureTurn,
  unlisted: readonly UnlistedMessage[],
  origin: 'list' | 'comparison',
): Promise<boolean> {
  const { db, accountId, counts } = turn;
  const missing = await findMissing(turn, unlisted);
  if (missing.length === 0) return true;
  const rejected = missing.map(({ id, receivedAt }) => ({
    graphId: id,
    reason: 'unreadable' as const,
    preview: { receivedAt: receivedAt.toISOString() },
  }));
  const outcome = await capturePage(db, { accountId, folder: FOLDER, origin, step: undefined, messages: [], rejected });
  if (outcome.written) count(counts, outcome);
  return outcome.written;
}
