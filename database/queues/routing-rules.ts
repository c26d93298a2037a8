import { type SelectQueryBuilder, sql, type Transaction } from 'kysely';
import type { Routing, Rule } from '../../domain/routing.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import { actorName } from '../people/actor-name.ts';
import type { Schema } from '../schema.ts';

/** The routing of an account that is not removed. */
export async function findRouting(db: Queryable, accountId: string): Promise<Routing | undefined> {
  const account = await db
    .selectFrom('accounts')
    .select(['routingVersion', 'defaultQueueId', isDefaultQueueRemoved.as('isDefaultQueueRemoved')])
    .where('id', '=', accountId)
    .where('removedAt', 'is', null)
    .executeTakeFirst();
  return account && (await routingOf(db, accountId, account));
}

/** For queries of `accounts`. */
export const isDefaultQueueRemoved = sql<boolean>`exists (
  select from queues where queues.id = accounts.default_queue_id and queues.removed_at is not null
)`;

interface DefaultQueue {
  readonly routingVersion: number;
  readonly defaultQueueId: string | null;
  readonly isDefaultQueueRemoved: boolean;
}

/** The routing of an account whose row is already read, and perhaps locked. */
export async function routingOf(
  db: Queryable,
  accountId: string,
  { routingVersion: version, defaultQueueId, isDefaultQueueRemoved }: DefaultQueue,
): Promise<Routing> {
  // Read for every page: the builder takes ten times as long for the same text.
  const { rows } = await sql<Rule & { isQueueRemoved: boolean }>`
    select rules.id, queue_id, keywords, queues.removed_at is not null as is_queue_removed
    from rules join queues on queues.id = rules.queue_id
    where account_id = ${accountId} order by position
  `.execute(db);
  const removed = rows.filter(({ isQueueRemoved }) => isQueueRemoved).map(({ queueId }) => queueId);
  if (defaultQueueId !== null && isDefaultQueueRemoved) removed.push(defaultQueueId);
  const rules = rows.map(({ id, queueId, keywords }): Rule => ({ id, queueId, keywords }));
  return { version, defaultQueueId: defaultQueueId ?? undefined, rules, removedQueueIds: new Set(removed) };
}

/** Names by id, of queues that are not removed. */
export async function findQueueNames(db: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await liveQueues(db, ids).execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function liveQueues(
  db: Queryable,
  ids: readonly string[],
): SelectQueryBuilder<Schema, 'queues', { id: string; name: string }> {
  return db
    .selectFrom('queues')
    .select(['id', 'name'])
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('removedAt', 'is', null)
    .orderBy('id');
}

export interface RoutingChange {
  /** The version that the client has seen. */
  readonly version: number;
  /** Null: mail that no rule matches goes into no queue. */
  readonly defaultQueueId: string | null;
  /** In order. A rule with an id that the account does not have is a new one. */
  readonly rules: readonly {
    readonly id?: string | undefined;
    readonly queueId: string;
    readonly keywords: readonly string[];
  }[];
}

export type RoutingOutcome =
  | { readonly outcome: 'saved'; readonly version: number }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'other-version'; readonly version: number; readonly change: LastChange | undefined }
  /** Queues that do not exist (any more). */
  | { readonly outcome: 'queues-missing'; readonly ids: ReadonlySet<string> };

export interface LastChange {
  readonly at: Date;
  readonly by: string | null;
}

/**
 * Replaces the routing of an account, unless another was saved since it was read. Locks the account's row: a page that
 * is being captured ends first, and the next one uses the new rules.
 */
export async function saveRouting(
  db: Database,
  actor: string,
  accountId: string,
  { version, defaultQueueId, rules }: RoutingChange,
): Promise<RoutingOutcome> {
  return await db.transaction().execute(async (trx) => {
    const account = await trx
      .selectFrom('accounts')
      .select('routingVersion')
      .where('id', '=', accountId)
      .where('removedAt', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    if (!account) return { outcome: 'not-found' };
    if (account.routingVersion !== version) {
      const change = await findLastChange(trx, accountId);
      return { outcome: 'other-version', version: account.routingVersion, change };
    }
    const wanted = new Set(rules.map(({ queueId }) => queueId));
    if (defaultQueueId !== null) wanted.add(defaultQueueId);
    // The share lock prevents the removal of the queues.
    for (const { id } of await liveQueues(trx, [...wanted])
      .forShare()
      .execute())
      wanted.delete(id);
    if (wanted.size > 0) return { outcome: 'queues-missing', ids: wanted };

    await replaceRules(trx, accountId, rules);
    await trx
      .updateTable('accounts')
      .set({ defaultQueueId, routingVersion: version + 1, updatedAt: sql`now()` })
      .where('id', '=', accountId)
      .execute();
    const details = { version: version + 1, rules: rules.length };
    await recordEvent(trx, { actor, name: 'account.routing-changed', accountId, details });
    return { outcome: 'saved', version: version + 1 };
  });
}

/** Rules keep their ids, so that stored decisions still refer to them. */
async function replaceRules(trx: Transaction<Schema>, accountId: string, rules: RoutingChange['rules']): Promise<void> {
  const before = await trx.deleteFrom('rules').where('accountId', '=', accountId).returning('id').execute();
  const ids = new Set(before.map(({ id }) => id));
  if (rules.length === 0) return;
  await trx
    .insertInto('rules')
    .values(
      rules.map(({ id, queueId, keywords }, index) => ({
        // Deleting from the set leaves the id to the first of two rules that claim it.
        ...(id !== undefined && ids.delete(id) ? { id } : { id: sql<string>`uuidv7()` }),
        accountId,
        position: index + 1,
        queueId,
        keywords: [...keywords],
      })),
    )
    .execute();
}

async function findLastChange(db: Queryable, accountId: string): Promise<LastChange | undefined> {
  return await db
    .selectFrom('events')
    .select(['at', actorName('events.actor').as('by')])
    .where('accountId', '=', accountId)
    .where('name', '=', 'account.routing-changed')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}
