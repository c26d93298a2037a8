import { type RawBuilder, sql } from 'kysely';
import { isLimited, type Place, type Reach } from '../../domain/reach.ts';
import type { Queryable } from '../database.ts';

/**
 * What a person sees, of a row of `users`: the queues of their teams, or null for all. Administrators set up all queues,
 * so no team limits them; whether they read mail is another matter. Null also for a missing row.
 */
export const teamQueueIds = sql<
  string[] | null
>`case when users.id is null or users.all_queues or users.profile = 'Admin'
then null else array(
  select distinct queue_id from team_people join team_queues using (team_id) where user_id = users.id
) end`;

/** True for a row of `users` that does not see all mail. */
export const isLimitedPerson = sql<boolean>`(not users.reads_mail or not (users.all_queues or users.profile = 'Admin'))`;

/** True for a row of `users` that sees the mail of a queue. `queueId`: an expression, or an id. */
export function seesQueue(queueId: RawBuilder<unknown> | string | null): RawBuilder<boolean> {
  return sql<boolean>`(users.reads_mail and (users.all_queues or users.profile = 'Admin' or exists (
    select from team_people join team_queues using (team_id)
    where user_id = users.id and queue_id = ${queueId}::uuid
  )))`;
}

/** True for a row of `items` within a reach. */
export function isWithin(reach: Reach | undefined): RawBuilder<boolean> {
  const { queueIds, accountIds } = reach ?? {};
  const limits = [
    ...(queueIds === undefined ? [] : [sql`items.queue_id = any(${queueIds}::uuid[])`]),
    ...(accountIds === undefined ? [] : [sql`items.account_id = any(${accountIds}::uuid[])`]),
  ];
  return limits.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(limits, sql` and `)})`;
}

/** Those of the items that are within a reach. */
export async function itemsWithin(
  db: Queryable,
  ids: readonly string[],
  reach: Reach | undefined,
): Promise<readonly string[]> {
  if (reach === undefined || !isLimited(reach)) return ids;
  const rows = await db
    .selectFrom('items')
    .select('id')
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .where(isWithin(reach))
    .execute();
  const within = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => within.has(id.toLowerCase()));
}

export async function findItemPlace(db: Queryable, itemId: string): Promise<Place | undefined> {
  return await db.selectFrom('items').select(['queueId', 'accountId']).where('id', '=', itemId).executeTakeFirst();
}

/** The place of the item that an answer, or its draft, belongs to. */
export async function findAnswerPlace(db: Queryable, answerId: string): Promise<Place | undefined> {
  return await db
    .selectFrom('answers')
    .innerJoin('items', 'items.id', 'answers.itemId')
    .select(['items.queueId', 'items.accountId'])
    .where('answers.id', '=', answerId)
    .executeTakeFirst();
}
