import { advanceList, type ListedMailbox } from '../../database/ingest/listed-mailboxes.ts';
import type { WalkEnd } from '../../domain/drain-outcome.ts';
import { captureListed, noteListedDrafts, parkUnlisted } from './capture-listed.ts';
import type { CaptureTurn } from './capture-turn.ts';
import { listInbox } from './inbox-listing.ts';

/**
 * Captures new mail by the list of the inbox, oldest first, to its end or the turn's. The position is stored after each
 * request, so an interrupted walk leaves no gap.
 */
export async function walkList(
  turn: CaptureTurn,
  { listFrom, captureFrom }: Pick<ListedMailbox, 'listFrom' | 'captureFrom'>,
  endsAt: number,
): Promise<WalkEnd> {
  const { db, accountId, counts } = turn;
  const beforeRequest = () => turn.beforeStep(counts.pages, 1);
  for await (const listing of listInbox({ ...turn, captureFrom, beforeRequest }, { from: listFrom })) {
    counts.pages++;
    if (!(await parkUnlisted(turn, listing.unlisted, 'list'))) return 'paused';
    await noteListedDrafts(turn, listing.drafts);
    const { outcome } = await captureListed(turn, listing.missing, { origin: 'list', captureFrom, endsAt });
    if (outcome !== 'current') return outcome;
    if (listing.until) await advanceList(db, accountId, listing.until);
    if (listing.hasMore && Date.now() > endsAt) return 'more';
  }
  return 'current';
}
