import { type UnsentDraft, unsentDrafts } from '../../database/answers/unsent-drafts.ts';
import type { Queryable } from '../../database/database.ts';
import { wordsOfHtml, wordsOfText } from '../answers/clean-html.ts';
import { Problem } from '../http/problem.ts';

/**
 * Why these items are not completed before their drafts are sent, discarded or left on purpose; by the items' ids. Drafts
 * without words, other than those of a signature, are no reason.
 */
export async function heldByDrafts(
  db: Queryable,
  itemIds: readonly string[],
  actor: string,
): Promise<ReadonlyMap<string, Problem>> {
  const held = new Map<string, Problem>();
  for (const [itemId, all] of await unsentDrafts(db, itemIds)) {
    const drafts = all.filter(hasWords);
    if (drafts.length === 0) continue;
    const own = drafts.filter(({ author }) => author === actor).map(({ id }) => id);
    const problem = new Problem(
      'item-has-draft',
      'An answer with text was not sent. Nothing was changed: open the item, and send or discard the answer.',
      { facts: { drafts: drafts.map(({ id }) => id), own } },
    );
    held.set(itemId, problem);
  }
  return held;
}

const hasWords = ({ format, body }: UnsentDraft) =>
  (format === 'html' ? wordsOfHtml(body) : wordsOfText(body)).trim() !== '';
