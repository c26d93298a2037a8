import { sql } from 'kysely';
import type { Database, Queryable } from './database.ts';
import { recordEvent } from './events.ts';
import { isClaimed, isWaiting } from './item-state.ts';
import { findItem, type ItemSummary, type ItemView, selectItemSummaries } from './messages.ts';
import type { ItemState } from './schema.ts';

/** Where a page of items ended: its last item. */
export interface ItemPosition {
  readonly receivedAt: Date;
  readonly id: string;
}

export interface ItemQuery {
  readonly queueId: string;
  /** Undefined: in any state. */
  readonly state: ItemState | undefined;
  readonly order: 'oldest' | 'newest';
  readonly limit: number;
  readonly after: ItemPosition | undefined;
}

/** Items of a queue by the time their mail was received. */
export async function listItems(db: Queryable, query: ItemQuery): Promise<readonly ItemSummary[]> {
  const { queueId, state, order, limit, after } = query;
  const direction = order === 'oldest' ? 'asc' : 'desc';
  let select = selectItemSummaries(db).where('items.queueId', '=', queueId);
  if (state === 'completed') select = select.where('items.state', '=', 'completed');
  if (state === 'waiting') select = select.where('items.state', '<>', 'completed').where(isWaiting);
  if (state === 'claimed') select = select.where('items.state', '<>', 'completed').where(isClaimed);
  if (after) {
    const compare = sql.raw(order === 'oldest' ? '>' : '<');
    select = select.where(
      sql<boolean>`(items.received_at, items.id) ${compare} (${after.receivedAt}, ${after.id}::uuid)`,
    );
  }
  return await select.orderBy('items.receivedAt', direction).orderBy('items.id', direction).limit(limit).execute();
}

/**
 * Claims the item that waits longest, for `leaseSeconds`. Undefined when none waits.
 *
 * One statement: whoever asks at the same time skips the row that another one is just taking, so many callers neither
 * wait for each other nor get the same item. The scan is in the order of `items_open`, oldest first.
 */
export async function claimItem(
  db: Queryable,
  queueId: string,
  actor: string,
  leaseSeconds: number,
): Promise<string | undefined> {
  const row = await db
    .updateTable('items')
    .set({
      state: 'claimed',
      claimedBy: actor,
      claimedAt: sql`now()`,
      leaseExpiresAt: sql`now() + ${leaseSeconds} * interval '1 second'`,
    })
    .where('id', '=', (select) =>
      select
        .selectFrom('items')
        .select('id')
        .where('queueId', '=', queueId)
        .where('state', '<>', 'completed')
        .where(isWaiting)
        .orderBy('receivedAt')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** Somebody asks for the next item of a queue. */
export interface ClaimOfNext {
  readonly queueId: string;
  readonly actor: string;
  readonly leaseSeconds: number;
  /** A name for this claim: who asks again by it gets what it got, as long as that is held. */
  readonly requestId?: string | undefined;
}

/**
 * Claims the item that waits longest, and reads it, both or neither: an answer that cannot be given leaves nothing claimed.
 * Only one that gets lost on its way does; by the same `requestId` it is given again. Undefined when none waits.
 */
export async function claimNext(db: Database, claim: ClaimOfNext): Promise<ItemView | undefined> {
  const { queueId, actor, leaseSeconds, requestId } = claim;
  return await db.transaction().execute(async (trx) => {
    const id = (await findClaimed(trx, claim)) ?? (await claimItem(trx, queueId, actor, leaseSeconds));
    if (id === undefined) return undefined;
    if (requestId) await trx.updateTable('items').set({ claimRequest: requestId }).where('id', '=', id).execute();
    return await findItem(trx, id);
  });
}

/** What the same request has claimed before. Who asks twice at once is answered one after the other. */
async function findClaimed(db: Queryable, { queueId, actor, requestId }: ClaimOfNext): Promise<string | undefined> {
  if (requestId === undefined) return undefined;
  await sql`select pg_advisory_xact_lock(hashtextextended(${requestId}, 0))`.execute(db);
  const row = await db
    .selectFrom('items')
    .select('id')
    .where('queueId', '=', queueId)
    .where('state', '<>', 'completed')
    .where(isClaimed)
    .where('claimedBy', '=', actor)
    .where('claimRequest', '=', requestId)
    .executeTakeFirst();
  return row?.id;
}

/** What somebody holds, whose lease ends first before the others. */
export async function listHeldItems(db: Queryable, actor: string): Promise<readonly ItemSummary[]> {
  return await selectItemSummaries(db)
    .where('items.state', '<>', 'completed')
    .where(isClaimed)
    .where('items.claimedBy', '=', actor)
    .orderBy('items.leaseExpiresAt')
    .execute();
}

export type ItemOutcome =
  | { readonly outcome: 'changed' | 'unchanged' | 'not-found' | 'not-claimed' | 'completed-before' }
  /** Somebody else holds it. */
  | { readonly outcome: 'claimed-by-other'; readonly claimedBy: string };

/** Claims one item that waits, for `leaseSeconds`; one that the actor holds already is held longer. */
export async function claimThisItem(
  db: Database,
  id: string,
  actor: string,
  leaseSeconds: number,
): Promise<ItemOutcome> {
  return await db.transaction().execute(async (trx) => {
    const item = await lockItem(trx, id);
    if (!item) return { outcome: 'not-found' };
    if (item.state === 'completed') return { outcome: 'completed-before' };
    if (item.isHeld && item.claimedBy !== actor) {
      return { outcome: 'claimed-by-other', claimedBy: item.claimedBy ?? '' };
    }
    const isOwn = item.isHeld && item.claimedBy === actor;
    await trx
      .updateTable('items')
      .set({
        state: 'claimed',
        claimedBy: actor,
        ...(isOwn ? {} : { claimedAt: sql`now()` }),
        leaseExpiresAt: sql`now() + ${leaseSeconds} * interval '1 second'`,
      })
      .where('id', '=', id)
      .execute();
    return { outcome: 'changed' };
  });
}

/**
 * Completes an item that the actor claimed, also when the lease ran out meanwhile and nobody else took it.
 * Completing what the same actor completed before changes nothing.
 */
export async function completeItem(db: Database, id: string, actor: string): Promise<ItemOutcome> {
  return await db.transaction().execute(async (trx) => {
    const item = await lockItem(trx, id);
    if (!item) return { outcome: 'not-found' };
    if (item.state === 'completed') {
      return { outcome: item.claimedBy === actor ? 'unchanged' : 'completed-before' };
    }
    if (item.state !== 'claimed') return { outcome: 'not-claimed' };
    if (item.claimedBy !== actor) return { outcome: 'claimed-by-other', claimedBy: item.claimedBy ?? '' };
    await trx
      .updateTable('items')
      .set({ state: 'completed', completedAt: sql`now()`, leaseExpiresAt: null })
      .where('id', '=', id)
      .execute();
    return { outcome: 'changed' };
  });
}

/**
 * Puts an item back to where it waited. With `takeBack` also one that somebody else claimed; that is remembered.
 * Releasing what waits changes nothing.
 */
export async function releaseItem(
  db: Database,
  id: string,
  actor: string,
  { takeBack }: { readonly takeBack: boolean },
): Promise<ItemOutcome> {
  return await db.transaction().execute(async (trx) => {
    const item = await lockItem(trx, id);
    if (!item) return { outcome: 'not-found' };
    if (item.state === 'completed') return { outcome: 'completed-before' };
    if (item.state === 'waiting') return { outcome: 'unchanged' };
    const own = item.claimedBy === actor;
    if (!own && !takeBack) return { outcome: 'claimed-by-other', claimedBy: item.claimedBy ?? '' };
    await trx
      .updateTable('items')
      .set({ state: 'waiting', claimedBy: null, claimedAt: null, leaseExpiresAt: null })
      .where('id', '=', id)
      .execute();
    if (!own) {
      const { accountId } = item;
      const details = { claimedBy: item.claimedBy };
      await recordEvent(trx, { actor, name: 'item.taken-back', accountId, targetId: id, details });
    }
    return { outcome: 'changed' };
  });
}

async function lockItem(db: Queryable, id: string) {
  return await db
    .selectFrom('items')
    .select(['state', 'claimedBy', 'accountId', isClaimed.as('isHeld')])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}
