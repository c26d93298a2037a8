import { type RawBuilder, sql, type Transaction } from 'kysely';
import { notAssigned, notParked } from '../queues/item-state.ts';
import type { Schema } from '../schema.ts';
import { isHeld, lockForDeleting } from './holds.ts';

/** Items of one transaction: their bodies and search documents take some tenths of a second to delete. */
const ITEMS_AT_ONCE = 200;

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

/**
 * True for items whose mail may be deleted: none of their answers is on its way, which would be sent after it was deleted,
 * and no hold keeps them. Expects `items` and, outer-joined, `messages`.
 */
export const mayBeDeleted = sql<boolean>`(not exists (
  select from answers where answers.item_id = items.id and answers.state in ('scheduled', 'sending')
) and not ${isHeld})`;

/**
 * Some of these items whose mail may be deleted, locked with their answers. Waits for no lock but that of a hold that is
 * being placed: sending locks them in the other order. `which`: expects `items` and, outer-joined, `messages`.
 */
export async function lockDeletable(trx: Transaction<Schema>, which: RawBuilder<boolean>): Promise<string[]> {
  await lockForDeleting(trx);
  const items = await trx
    .selectFrom('items')
    .leftJoin('messages', 'messages.id', 'items.messageId')
    .select('items.id')
    .where(which)
    .where(mayBeDeleted)
    .limit(ITEMS_AT_ONCE)
    .forUpdate('items')
    .skipLocked()
    .execute();
  const ids = items.map(({ id }) => id);
  if (ids.length === 0) return [];
  const answers = trx.selectFrom('answers').select(['id', 'itemId', 'state']).where('itemId', 'in', ids);
  const locked = await answers.forUpdate().skipLocked().execute();
  const atRest = new Set(locked.filter(({ state }) => !isUnderWay(state)).map(({ id }) => id));
  const busy = new Set((await answers.execute()).filter(({ id }) => !atRest.has(id)).map(({ itemId }) => itemId));
  return ids.filter((id) => !busy.has(id));
}

function isUnderWay(state: string): boolean {
  return state === 'scheduled' || state === 'sending';
}
