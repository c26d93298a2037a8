import { sql } from 'kysely';
import { createRouter, type Decision, type RoutableMessage } from '../../domain/routing.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import { type ItemSummary, selectItemSummaries } from './messages.ts';
import { isDefaultQueueRemoved, routingOf } from './routing-rules.ts';

/** Items of an account that are in no queue, newest first; the decision of each says why. */
export async function listUnqueued(db: Queryable, accountId: string, limit: number): Promise<readonly ItemSummary[]> {
  return await selectItemSummaries(db)
    .where('items.accountId', '=', accountId)
    .where('items.state', '<>', 'completed')
    .where('items.state', '=', 'unqueued')
    .orderBy('items.receivedAt', 'desc')
    .orderBy('items.id', 'desc')
    .limit(limit)
    .execute();
}

/** Per statement; an account may have as many unqueued items as mail. */
const ITEMS_AT_A_TIME = 500;

/**
 * Routes unqueued items by the current rules. `left`: items that still are in no queue, also because the message was
 * deleted. Works in batches, each a transaction in which the routing cannot change; safe to repeat.
 */
export async function routeUnqueued(
  db: Database,
  actor: string,
  accountId: string,
): Promise<{ readonly routed: number; readonly left: number }> {
  let routed = 0;
  let left = 0;
  for (let after: string | undefined = '00000000-0000-0000-0000-000000000000'; after !== undefined; ) {
    const part = await routePart(db, accountId, after);
    routed += part.routed;
    left += part.left;
    after = part.last;
  }
  const details = { routed, left };
  if (routed > 0) await recordEvent(db, { actor, name: 'account.unqueued-routed', accountId, details });
  return { routed, left };
}

interface UnqueuedMessage extends RoutableMessage {
  readonly itemId: string;
  readonly isDeleted: boolean;
}

async function routePart(db: Database, accountId: string, after: string) {
  return await db.transaction().execute(async (trx) => {
    const account = await trx
      .selectFrom('accounts')
      .select(['routingVersion', 'defaultQueueId', isDefaultQueueRemoved.as('isDefaultQueueRemoved')])
      .where('id', '=', accountId)
      .forShare()
      .executeTakeFirst();
    if (!account) return { routed: 0, left: 0, last: undefined };
    const router = createRouter(await routingOf(trx, accountId, account));
    const { rows: messages } = await sql<UnqueuedMessage>`
      select items.id as item_id, messages.id is null as is_deleted, coalesce(subject, '') as subject,
        jsonb_strip_nulls(jsonb_build_object('name', from_name, 'address', from_address)) as "from",
        sender, recipients, headers
      from items left join messages on messages.id = items.message_id
      where items.account_id = ${accountId} and items.state <> 'completed' and items.state = 'unqueued'
        and items.id > ${after}::uuid
      order by items.id limit ${ITEMS_AT_A_TIME}
      for update of items
    `.execute(trx);
    const decided = messages.flatMap((message): readonly (readonly [string, Decision])[] =>
      message.isDeleted ? [] : [[message.itemId, router.decide(message)]],
    );
    await sql`
      update items set
        queue_id = decided.queue_id, decision = decided.decision,
        state = case when decided.queue_id is null then 'unqueued' else 'waiting' end,
        queued_at = case when decided.queue_id is null then queued_at else now() end
      from unnest(
        ${decided.map(([id]) => id)}::uuid[], ${decided.map(([, { queueId }]) => queueId)}::uuid[],
        ${decided.map(([, decision]) => JSON.stringify(decision))}::jsonb[]
      ) as decided (id, queue_id, decision)
      where items.id = decided.id
    `.execute(trx);
    const routed = decided.filter(([, { queueId }]) => queueId !== null).length;
    const isFull = messages.length === ITEMS_AT_A_TIME;
    return { routed, left: messages.length - routed, last: isFull ? messages.at(-1)?.itemId : undefined };
  });
}
