import { MOST_TAGS } from '../../domain/item-work.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database } from '../database.ts';
import { type AnswerWith, type ExitOutcome, takeStep } from './item-step.ts';

export type TagChange =
  | { readonly tags: readonly string[] }
  | { readonly add: readonly string[]; readonly remove: readonly string[] };

/**
 * Changes the tags of an item. New ones must be among those of its queue; what the item brought along from another queue
 * stays.
 */
export async function tagItem<Answer>(
  db: Database,
  id: string,
  actor: string,
  change: TagChange,
  answer: AnswerWith<Answer>,
): Promise<ExitOutcome<Answer>> {
  return await takeStep(db, id, answer, async (trx, item) => {
    const before = new Set(item.tags);
    const after =
      'tags' in change
        ? new Set(change.tags)
        : new Set([...before].filter((tag) => !change.remove.includes(tag)).concat(change.add));
    const added = [...after].filter((tag) => !before.has(tag));
    const removed = [...before].filter((tag) => !after.has(tag));
    if (added.length + removed.length === 0) return undefined;
    if (after.size > MOST_TAGS) return 'too-many-tags';
    const queue = await trx.selectFrom('queues').select('tags').where('id', '=', item.queueId).executeTakeFirst();
    if (!added.every((tag) => queue?.tags.includes(tag))) return 'no-such-tag';
    await trx
      .updateTable('items')
      .set({ tags: [...after] })
      .where('id', '=', id)
      .execute();
    const details = { added: added.length, removed: removed.length };
    await recordEvent(trx, { actor, name: 'item.tagged', accountId: item.accountId, targetId: id, details });
    return undefined;
  });
}
