import { sql } from 'kysely';
import type { Reach } from '../../domain/reach.ts';
import type { Queryable } from '../database.ts';
import { isWithin } from '../people/reach.ts';
import type { ItemState } from '../schema.ts';
import { isClaimed, isInState } from './item-state.ts';
import { type ItemSummary, selectItemSummaries } from './messages.ts';

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
  /** True: only what a program sent; false: only what people sent; undefined: both. */
  readonly automatic?: boolean | undefined;
  readonly limit: number;
  readonly after: ItemPosition | undefined;
}

/** Items of a queue, by the time their mail was received. */
export async function listItems(db: Queryable, query: ItemQuery): Promise<readonly ItemSummary[]> {
  const { queueId, state, order, automatic, limit, after } = query;
  const direction = order === 'oldest' ? 'asc' : 'desc';
  let select = selectItemSummaries(db).where('items.queueId', '=', queueId);
  if (state !== undefined) select = select.where(isInState(state));
  if (automatic !== undefined) select = select.where('items.automatic', automatic ? 'is not' : 'is', null);
  if (after) {
    const compare = sql.raw(order === 'oldest' ? '>' : '<');
    select = select.where(
      sql<boolean>`(items.received_at, items.id) ${compare} (${after.receivedAt}, ${after.id}::uuid)`,
    );
  }
  return await select.orderBy('items.receivedAt', direction).orderBy('items.id', direction).limit(limit).execute();
}

/** Items within a reach that the actor holds, by the end of their lease. */
export async function listHeldItems(
  db: Queryable,
  actor: string,
  reach: Reach | undefined,
): Promise<readonly ItemSummary[]> {
  return await selectItemSummaries(db)
    .where('items.state', '<>', 'completed')
    .where(isClaimed)
    .where('items.claimedBy', '=', actor)
    .where(isWithin(reach))
    .orderBy('items.leaseExpiresAt')
    .execute();
}

/** The account of an item. */
export async function findAccountOfItem(db: Queryable, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('items').select('accountId').where('id', '=', id).executeTakeFirst();
  return row?.accountId;
}
