import { sql, type Transaction } from 'kysely';
import type { Database, Queryable } from '../database.ts';
import { isWaiting, notAssigned } from '../queues/item-state.ts';
import { type AnswerWith, type ExitOutcome, takeStep } from '../queues/item-step.ts';
import { type ItemSummary, selectItemSummaries } from '../queues/messages.ts';
import { claimLocked } from '../queues/queue-exit.ts';
import type { Schema } from '../schema.ts';
import { endOffer, isWanted } from './end-offers.ts';

export interface OpenOffer {
  readonly id: string;
  readonly item: ItemSummary;
  readonly offeredAt: Date;
  readonly expiresAt: Date;
}

/** What is offered to a user now, oldest offer first. */
export async function listOffers(db: Queryable, userId: string): Promise<readonly OpenOffer[]> {
  const offers = await db
    .selectFrom('offers')
    .innerJoin('items', 'items.id', 'offers.itemId')
    .where('offers.userId', '=', userId)
    .where('offers.outcome', 'is', null)
    .where('offers.expiresAt', '>', sql<Date>`now()`)
    .where(isWaiting)
    .where('items.assignedTo', '=', `user:${userId}`)
    .whereRef('items.queueId', '=', 'offers.queueId')
    .where(isWanted)
    .select(['offers.id', 'offers.itemId', 'offers.offeredAt', 'offers.expiresAt'])
    .orderBy('offers.id')
    .execute();
  if (offers.length === 0) return [];
  const items = await selectItemSummaries(db)
    .where(
      'items.id',
      'in',
      offers.map(({ itemId }) => itemId),
    )
    .execute();
  return offers.flatMap(({ itemId, ...offer }) => {
    const item = items.find(({ id }) => id === itemId);
    return item ? [{ ...offer, item }] : [];
  });
}

interface Reply {
  readonly offerId: string;
  readonly userId: string;
}

/** An offer of the user, locked: before its item, as everywhere. Undefined: there is none. */
async function lockOffer(trx: Transaction<Schema>, { offerId, userId }: Reply) {
  return await trx
    .selectFrom('offers')
    .where('id', '=', offerId)
    .where('userId', '=', userId)
    .select(['id', 'itemId', 'userId', 'queueId', 'outcome'])
    .select(sql<boolean>`(outcome is null and expires_at > now() and ${isWanted})`.as('isOpen'))
    .forUpdate()
    .executeTakeFirst();
}

type LockedOffer = NonNullable<Awaited<ReturnType<typeof lockOffer>>>;

/** The item of an offer of the user, whatever became of it. */
async function findItemOfOffer(db: Queryable, { offerId, userId }: Reply): Promise<string | undefined> {
  const offer = db.selectFrom('offers').select('itemId').where('id', '=', offerId).where('userId', '=', userId);
  return (await offer.executeTakeFirst())?.itemId;
}

export type OfferOutcomeOf<Answer> = ExitOutcome<Answer> | { readonly outcome: 'no-such-offer' };

/**
 * Accepts an offer: the item is claimed by the user. An offer that has ended claims nothing. Accepting twice answers with
 * the item while the user still holds it.
 */
export async function acceptOffer<Answer>(
  db: Database,
  reply: Reply & { readonly leaseSeconds: number },
  answer: AnswerWith<Answer>,
): Promise<OfferOutcomeOf<Answer>> {
  return await replyTo(db, reply, answer, async (trx, item, offer) => {
    const holder = `user:${reply.userId}`;
    if (offer.outcome === 'accepted' && item.isHeld && item.claimedBy === holder) return undefined;
    if (!offer.isOpen || item.keptFor !== holder || item.queueId !== offer.queueId) return 'offer-ended';
    const refusal = await claimLocked(trx, item, { holder, leaseSeconds: reply.leaseSeconds });
    if (refusal !== undefined) return refusal;
    await endOffer(trx, offer, 'accepted');
    return undefined;
  });
}

/** Declines an offer: the item goes on to the next person. Declining twice changes nothing. */
export async function declineOffer<Answer>(
  db: Database,
  reply: Reply,
  answer: AnswerWith<Answer>,
): Promise<OfferOutcomeOf<Answer>> {
  return await replyTo(db, reply, answer, async (trx, item, offer) => {
    if (offer.outcome === 'declined') return undefined;
    if (!offer.isOpen) return 'offer-ended';
    await endOffer(trx, offer, 'declined');
    await trx
      .updateTable('items')
      .set(notAssigned)
      .where('id', '=', item.id)
      .where('assignedTo', '=', `user:${reply.userId}`)
      .execute();
    return undefined;
  });
}

type ChangeOfOffered = (
  trx: Transaction<Schema>,
  item: Parameters<Parameters<typeof takeStep>[3]>[1],
  offer: LockedOffer,
) => ReturnType<Parameters<typeof takeStep>[3]>;

async function replyTo<Answer>(
  db: Database,
  reply: Reply,
  answer: AnswerWith<Answer>,
  change: ChangeOfOffered,
): Promise<OfferOutcomeOf<Answer>> {
  const itemId = await findItemOfOffer(db, reply);
  if (itemId === undefined) return { outcome: 'no-such-offer' };
  let offer: LockedOffer | undefined;
  return await takeStep(
    db,
    itemId,
    answer,
    async (trx, item) => (offer ? await change(trx, item, offer) : 'offer-ended'),
    async (trx) => {
      offer = await lockOffer(trx, reply);
    },
  );
}
