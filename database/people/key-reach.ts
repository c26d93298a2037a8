import type { Queryable } from '../database.ts';

/** Where an item is: what keys that reach only some queues or accounts are compared with. */
export interface ItemPlace {
  readonly queueId: string | null;
  readonly accountId: string;
}

export async function findItemPlace(db: Queryable, itemId: string): Promise<ItemPlace | undefined> {
  return await db.selectFrom('items').select(['queueId', 'accountId']).where('id', '=', itemId).executeTakeFirst();
}

/** The place of the item that an answer, or its draft, belongs to. */
export async function findAnswerPlace(db: Queryable, answerId: string): Promise<ItemPlace | undefined> {
  return await db
    .selectFrom('answers')
    .innerJoin('items', 'items.id', 'answers.itemId')
    .select(['items.queueId', 'items.accountId'])
    .where('answers.id', '=', answerId)
    .executeTakeFirst();
}
