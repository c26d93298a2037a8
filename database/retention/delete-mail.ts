import { sql, type Transaction } from 'kysely';
import { notAssigned, notParked } from '../queues/item-state.ts';
import type { Schema } from '../schema.ts';

/** What went with the mail of some items. */
export interface DeletedMail {
  readonly messages: number;
  readonly answers: number;
  readonly notes: number;
  /** Open items that were completed, because nothing is left to work on. */
  readonly itemsCompleted: number;
}

/**
 * Deletes the mail of items with attachments, search documents, answers and notes, and completes those that are open.
 * Expects them from `lockDeletable`. What stays are the items and the ledger.
 */
export async function deleteMailOf(trx: Transaction<Schema>, itemIds: readonly string[]): Promise<DeletedMail> {
  const ids = [...itemIds];
  const answers = await trx.deleteFrom('answers').where('itemId', 'in', ids).executeTakeFirst();
  const notes = await trx.deleteFrom('itemNotes').where('itemId', 'in', ids).executeTakeFirst();
  const messages = await trx
    .deleteFrom('messages')
    .where(sql<boolean>`id in (select message_id from items where items.id = any(${ids}::uuid[]))`)
    .executeTakeFirst();
  const completed = await trx
    .updateTable('items')
    .set({
      state: 'completed',
      completedAt: sql`now()`,
      leaseExpiresAt: null,
      joinedTo: null,
      ...notParked,
      ...notAssigned,
    })
    .where('id', 'in', ids)
    .where('state', 'not in', ['completed', 'unqueued'])
    .executeTakeFirst();
  return {
    messages: Number(messages.numDeletedRows),
    answers: Number(answers.numDeletedRows),
    notes: Number(notes.numDeletedRows),
    itemsCompleted: Number(completed.numUpdatedRows),
  };
}

/** True for items none of whose answers is on its way: that would be sent after it was deleted. */
export const hasNothingUnderWay = sql<boolean>`not exists (
  select from answers where answers.item_id = items.id and answers.state in ('scheduled', 'sending')
)`;

/**
 * Of these items, locked by the caller, those whose answers are all at rest, and locked now. Waits for no lock: sending
 * takes them in the other order.
 */
export async function lockDeletable(trx: Transaction<Schema>, itemIds: readonly string[]): Promise<string[]> {
  if (itemIds.length === 0) return [];
  const answers = trx
    .selectFrom('answers')
    .select(['id', 'itemId', 'state'])
    .where('itemId', 'in', [...itemIds]);
  const locked = await answers.forUpdate().skipLocked().execute();
  const atRest = new Set(locked.filter(({ state }) => !isUnderWay(state)).map(({ id }) => id));
  const busy = new Set((await answers.execute()).filter(({ id }) => !atRest.has(id)).map(({ itemId }) => itemId));
  return itemIds.filter((id) => !busy.has(id));
}

function isUnderWay(state: string): boolean {
  return state === 'scheduled' || state === 'sending';
}
