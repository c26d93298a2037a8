import { sql } from 'kysely';
import type { Acknowledgement } from '../../domain/acknowledgement.ts';
import type { ConversationRule } from '../../domain/item-work.ts';
import type { QueueOffers } from '../../domain/offering.ts';
import type { QueueTarget } from '../../domain/queue-target.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import { isClaimed, isParked, isWaiting } from './item-state.ts';

export interface QueueView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** What a new mail of a known conversation becomes. */
  readonly conversations: ConversationRule;
  /** Codes to complete an item with, and tags. */
  readonly outcomes: readonly string[];
  readonly tags: readonly string[];
  /** Null: none. */
  readonly target: QueueTarget | null;
  /** Null: none. */
  readonly acknowledgement: Acknowledgement | null;
  /** How its items are offered to persons; null: they are not. */
  readonly offers: QueueOffers | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Items that can be claimed, including those with an expired lease. */
  readonly waiting: number;
  readonly claimed: number;
  readonly parked: number;
  /** When the mail of the longest-waiting item was received. */
  readonly oldestWaitingAt: Date | null;
}

/** All queues by name, with the items that wait in them. */
export async function listQueues(db: Queryable): Promise<readonly QueueView[]> {
  return await selectQueues(db).orderBy(sql`lower(queues.name)`).execute();
}

export async function findQueue(db: Queryable, id: string): Promise<QueueView | undefined> {
  return await selectQueues(db).where('queues.id', '=', id).executeTakeFirst();
}

function selectQueues(db: Queryable) {
  return db
    .selectFrom('queues')
    .leftJoin('items', (join) => join.onRef('items.queueId', '=', 'queues.id').on('items.state', '<>', 'completed'))
    .where('queues.removedAt', 'is', null)
    .groupBy('queues.id')
    .select(['queues.id', 'queues.name', 'queues.description', 'queues.createdAt', 'queues.updatedAt'])
    .select([
      'queues.conversations',
      'queues.outcomes',
      'queues.tags',
      'queues.target',
      'queues.acknowledgement',
      'queues.offers',
    ])
    .select((select) => [
      select.fn.count<number>('items.id').filterWhere(isWaiting).as('waiting'),
      select.fn.count<number>('items.id').filterWhere(isClaimed).as('claimed'),
      select.fn.count<number>('items.id').filterWhere(isParked).as('parked'),
      select.fn.min('items.receivedAt').filterWhere(isWaiting).as('oldestWaitingAt'),
    ]);
}

export interface QueueText {
  readonly name: string;
  readonly description: string;
}

/** Returns the new queue's id. Throws the unique violation of `queues_name` when the name is taken. */
export async function addQueue(db: Database, actor: string, { name, description }: QueueText): Promise<string> {
  return await db.transaction().execute(async (trx) => {
    const { id } = await trx
      .insertInto('queues')
      .values({ name, description })
      .returning('id')
      .executeTakeFirstOrThrow();
    await recordEvent(trx, { actor, name: 'queue.added', targetId: id });
    return id;
  });
}

export interface QueueEdit {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly conversations?: ConversationRule | undefined;
  readonly outcomes?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Null: no target any more. */
  readonly target?: QueueTarget | null | undefined;
  /** Null: none any more. */
  readonly acknowledgement?: Acknowledgement | null | undefined;
  /** Null: not offered any more. */
  readonly offers?: QueueOffers | null | undefined;
}

/** False when there is no such queue. Throws the unique violation of `queues_name` when the name is taken. */
export async function changeQueue(db: Database, actor: string, id: string, change: QueueEdit): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('queues')
      .set({
        ...(change.name === undefined ? {} : { name: change.name }),
        ...(change.description === undefined ? {} : { description: change.description }),
        ...(change.conversations === undefined ? {} : { conversations: change.conversations }),
        ...(change.outcomes === undefined ? {} : { outcomes: [...change.outcomes] }),
        ...(change.tags === undefined ? {} : { tags: [...change.tags] }),
        ...(change.target === undefined ? {} : { target: change.target && JSON.stringify(change.target) }),
        ...(change.acknowledgement === undefined
          ? {}
          : { acknowledgement: change.acknowledgement && JSON.stringify(change.acknowledgement) }),
        ...(change.offers === undefined ? {} : { offers: change.offers && JSON.stringify(change.offers) }),
        updatedAt: sql`now()`,
      })
      .where('id', '=', id)
      .where('removedAt', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await recordEvent(trx, { actor, name: 'queue.changed', targetId: id });
    return true;
  });
}

export type QueueRemoval =
  | { readonly removed: true }
  | { readonly removed: false; readonly because: 'not-found' }
  | {
      readonly removed: false;
      readonly because: 'in-use';
      readonly name: string;
      /** Addresses of the accounts with this default queue. */
      readonly defaultOf: readonly string[];
      /** Addresses of the accounts with a rule for this queue. */
      readonly inRulesOf: readonly string[];
      readonly openItems: number;
    };

/**
 * Removes a queue that no routing uses. Saving a routing holds a share lock on its queues, and this locks the row
 * against it, so no rule can start to use a queue that is being removed.
 */
export async function removeQueue(db: Database, actor: string, id: string): Promise<QueueRemoval> {
  return await db.transaction().execute(async (trx) => {
    const queue = await trx
      .selectFrom('queues')
      .select('name')
      .where('id', '=', id)
      .where('removedAt', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    if (!queue) return { removed: false, because: 'not-found' };
    const use = await findUse(trx, id);
    if (use.defaultOf.length + use.inRulesOf.length + use.openItems > 0) {
      return { removed: false, because: 'in-use', name: queue.name, ...use };
    }
    await trx
      .updateTable('queues')
      .set({ removedAt: sql`now()`, updatedAt: sql`now()` })
      .where('id', '=', id)
      .execute();
    await recordEvent(trx, { actor, name: 'queue.removed', targetId: id, details: { name: queue.name } });
    return { removed: true };
  });
}

async function findUse(db: Queryable, queueId: string) {
  const defaults = await db
    .selectFrom('accounts')
    .select('address')
    .where('defaultQueueId', '=', queueId)
    .where('removedAt', 'is', null)
    .orderBy('address')
    .execute();
  const ruled = await db
    .selectFrom('accounts')
    .select('address')
    .where('removedAt', 'is', null)
    .where('id', 'in', (select) => select.selectFrom('rules').select('accountId').where('queueId', '=', queueId))
    .orderBy('address')
    .execute();
  const { openItems } = await db
    .selectFrom('items')
    .where('queueId', '=', queueId)
    .where('state', '<>', 'completed')
    .select((select) => select.fn.countAll<number>().as('openItems'))
    .executeTakeFirstOrThrow();
  return {
    defaultOf: defaults.map(({ address }) => address),
    inRulesOf: ruled.map(({ address }) => address),
    openItems,
  };
}
