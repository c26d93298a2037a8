import { sql, type Transaction } from 'kysely';
import type { Database, Queryable } from '../database.ts';
import type { ItemState, Schema } from '../schema.ts';
import { effectiveState, isClaimed, isOfferedOnly } from './item-state.ts';
import { findItem, type ItemSummary, type ItemView } from './messages.ts';

/** Builds the caller's answer from the item after the step. */
export type AnswerWith<Answer> = (item: ItemView) => Answer;

const refusals = [
  'not-found',
  'not-claimed',
  'completed-before',
  'claimed-by-other',
  // The item is in no queue.
  'unqueued',
  // It is worked with another item.
  'joined',
  'not-parked',
  'not-joined',
  'not-completed',
  // The actor did not complete it, or too long ago.
  'not-undoable',
  'no-such-queue',
  'no-such-person',
  // The person's teams do not have the queue.
  'person-without-queue',
  'no-such-outcome',
  'no-such-tag',
  'too-many-tags',
  // A mail has come since the one that the agent saw as the newest.
  'new-mail',
  // The offer's time is over, or its item went elsewhere.
  'offer-ended',
  // The item is offered to another person at this moment.
  'offered-to-other',
  // Agents do not take items of this queue by hand.
  'offered-only',
  // A state of a newer release, which this one must leave alone.
  'unknown-state',
] as const;
/** Why a step did not happen. */
export type Refusal = (typeof refusals)[number];

export type ExitOutcome<Answer> =
  | { readonly outcome: 'done'; readonly answer: Answer }
  /** `current`: the item as it is, where a new mail is the reason. */
  | { readonly outcome: Refusal; readonly current?: ItemSummary };

export type LockedItem = NonNullable<Awaited<ReturnType<typeof lockItem>>>;

/** Changes a locked item, or says why not. */
export type ItemChange = (trx: Transaction<Schema>, item: LockedItem) => Promise<Refusal | undefined>;

/**
 * One step of work on an item: locks it, changes it or refuses to, and builds the answer, all in one transaction. If the
 * answer cannot be built, nothing is changed. `before`: what has to be locked before the item.
 */
export async function takeStep<Answer>(
  db: Database,
  id: string,
  answer: AnswerWith<Answer>,
  change: ItemChange,
  before?: (trx: Transaction<Schema>) => Promise<void>,
): Promise<ExitOutcome<Answer>> {
  return await db.transaction().execute(async (trx) => {
    await before?.(trx);
    const item = await lockItem(trx, id);
    const refusal = item ? (refusalOfState(item.state) ?? (await change(trx, item))) : 'not-found';
    if (refusal !== undefined && refusal !== 'new-mail') return { outcome: refusal };
    const view = await findItem(trx, id);
    if (refusal !== undefined) return { outcome: refusal, ...(view && { current: view.item }) };
    return view ? { outcome: 'done', answer: answer(view) } : { outcome: 'not-found' };
  });
}

/** Why no step is possible in this state. */
export function refusalOfState(state: ItemState): Refusal | undefined {
  switch (state) {
    case 'waiting':
    case 'claimed':
    case 'completed':
    case 'parked':
    case 'joined':
    case 'unqueued':
      return undefined;
    default:
      return 'unknown-state';
  }
}

/** For whom the item is kept by an open offer; null: none. */
const openOfferTo = sql<string | null>`(
  select 'user:' || offers.user_id from offers
  where offers.item_id = items.id and offers.outcome is null and offers.expires_at > now()
)`;

/** For whom the item is kept now. */
const keptFor = sql<string | null>`case when assigned_until is null or assigned_until > now() then assigned_to end`;

/** True where agents get the items of a queue only by offers. */
const isTakenByOffer = sql<boolean>`exists (select from queues where queues.id = items.queue_id and ${isOfferedOnly})`;

/** The item as steps decide by it, locked; undefined: there is none. */
export async function lockItem(db: Queryable, id: string) {
  return await db
    .selectFrom('items')
    .select([
      'id',
      'state',
      effectiveState.as('shownState'),
      'claimedBy',
      'accountId',
      'messageId',
      'queueId',
      'tags',
      'joinedTo',
      'completedAt',
      isClaimed.as('isHeld'),
      isTakenByOffer.as('isTakenByOffer'),
      openOfferTo.as('offeredTo'),
      'parkedBy',
      keptFor.as('keptFor'),
      sql<number | null>`extract(epoch from now() - items.completed_at)::float8`.as('completedForSeconds'),
    ])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

/** Why this actor may not take an open item out of the queue; undefined: may. `supervises`: also out of other hands. */
export function refusalToTake(item: LockedItem, actor: string, supervises = false): Refusal | undefined {
  const { state, isHeld, claimedBy, offeredTo } = item;
  if (state === 'completed') return 'completed-before';
  if (state === 'joined') return 'joined';
  if (supervises) return undefined;
  if (isHeld) return claimedBy === actor ? undefined : 'claimed-by-other';
  if (offeredTo !== null && offeredTo !== actor) return 'offered-to-other';
  const isOwn = [claimedBy, item.parkedBy, item.keptFor].includes(actor);
  return item.isTakenByOffer && state !== 'unqueued' && !isOwn ? 'offered-only' : undefined;
}
