import { advanceList, type FullMailbox } from '../database/full-mailboxes.ts';
import { captureListed, findMissing, mailOf } from './capture-listed.ts';
import type { CaptureTurn } from './capture-turn.ts';

/**
 * Captures what is new in a full mailbox by the list of its inbox, oldest first, to its end or the turn's. Where it
 * stands is stored after each slice, so that a walk that is interrupted leaves no gap behind it.
 */
export async function walkList(
  turn: CaptureTurn,
  { listFrom, captureFrom }: FullMailbox,
  endsAt: number,
): Promise<'current' | 'more' | 'paused'> {
  const { db, accountId, counts } = turn;
  for (let from = listFrom; ; ) {
    await turn.beforeStep(counts.pages, 1);
    const slice = await turn.mailbox.listInbox({ from }, turn.signal);
    counts.pages++;
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
