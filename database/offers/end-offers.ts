import { sql, type Transaction } from 'kysely';
import type { OfferOutcome } from '../../domain/offering.ts';
import { type EventName, recordEvent } from '../accounts/events.ts';
import { isWaiting, notAssigned } from '../queues/item-state.ts';
import type { Schema } from '../schema.ts';
import { isAvailable, isSignedIn, noteWork } from './availability.ts';
import { mayServe } from './may-serve.ts';

const eventOf: Readonly<Record<OfferOutcome, EventName>> = {
  accepted: 'item.offer-accepted',
  declined: 'item.offer-declined',
  missed: 'item.offer-missed',
  withdrawn: 'item.offer-withdrawn',
};

/** True for an offer (`offers`) to a person who still serves the queue, and has neither gone away nor signed out. */
export const isWanted = sql<boolean>`exists (
  select from agent_availability join users on users.id = agent_availability.user_id
  join queues on queues.id = offers.queue_id
  where users.id = offers.user_id and agent_availability.state = 'available' and ${isSignedIn} and ${mayServe}
)`;

/** The order of locks: offers before items. */
export interface EndedOffer {
  readonly id: string;
  readonly itemId: string;
  readonly userId: string;
}

/** Records how an open offer ended. Call it in the transaction that locked the offer. */
export async function endOffer(
  trx: Transaction<Schema>,
  { id, itemId, userId }: EndedOffer,
  outcome: OfferOutcome,
): Promise<void> {
  await trx.updateTable('offers').set({ outcome, endedAt: sql`now()` }).where('id', '=', id).execute();
  const actor = `user:${userId}`;
  if (outcome === 'accepted') await noteWork(trx, actor);
  await recordEvent(trx, { actor, name: eventOf[outcome], targetId: itemId });
}

/**
 * Ends the open offers that are over: the person claimed the item in whatever way, the time ran out, the person went
 * away, or the item went elsewhere. Who lets the time run out is set away.
 */
export async function endOffers(trx: Transaction<Schema>): Promise<void> {
  const own = sql<string>`'user:' || offers.user_id`;
  const isClaimed = sql<boolean>`(
    items.state in ('claimed', 'completed') and items.claimed_by = ${own} and items.claimed_at >= offers.offered_at
  )`;
  const isThere = sql<boolean>`(
    ${isWaiting} and items.assigned_to = ${own} and items.queue_id = offers.queue_id and not ${isClaimed}
  )`;
  const isOver = sql<boolean>`(offers.expires_at <= now())`;
  const over = await trx
    .selectFrom('offers')
    .innerJoin('items', 'items.id', 'offers.itemId')
    .where('offers.outcome', 'is', null)
    .where(sql<boolean>`(${isOver} or not ${isThere} or not ${isWanted})`)
    .select(['offers.id', 'offers.itemId', 'offers.userId'])
    .select(
      sql<OfferOutcome>`case when ${isClaimed} then 'accepted' when ${isThere} and ${isWanted} then 'missed'
        else 'withdrawn' end`.as('outcome'),
    )
    .orderBy('offers.id')
    .forUpdate('offers')
    .skipLocked()
    .execute();
  for (const { outcome, ...offer } of over) {
    await endOffer(trx, offer, outcome);
    if (outcome === 'missed') await setAwayFor(trx, offer.userId);
    if (outcome === 'withdrawn') await keepNoLonger(trx, offer);
  }
}

async function setAwayFor(trx: Transaction<Schema>, userId: string): Promise<void> {
  await trx
    .updateTable('agentAvailability')
    .set({ state: 'away', because: 'missed', since: sql`now()` })
    .where('userId', '=', userId)
    .where(isAvailable)
    .execute();
}

/** The item goes on to others before the time of the offer is over. Not while it is being changed by another step. */
async function keepNoLonger(trx: Transaction<Schema>, { itemId, userId }: EndedOffer): Promise<void> {
  await trx
    .updateTable('items')
    .set(notAssigned)
    .where('id', 'in', (select) =>
      select
        .selectFrom('items')
        .select('id')
        .where('id', '=', itemId)
        .where('assignedTo', '=', `user:${userId}`)
        .where('assignedUntil', 'is not', null)
        .where(isWaiting)
        .forUpdate()
        .skipLocked(),
    )
    .execute();
}
