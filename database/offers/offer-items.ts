import { sql, type Transaction } from 'kysely';
import { chooseAgent, type HadItem, type IdleAgent } from '../../domain/offering.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database } from '../database.ts';
import { isAnswered, isKeptFromOthers, isWaiting } from '../queues/item-state.ts';
import { type First, isOf } from '../queues/next-in-queue.ts';
import type { Schema } from '../schema.ts';
import { capacityOf, heldBy, isAvailable, noteAbsences } from './availability.ts';
import { endOffers } from './end-offers.ts';
import { mayServe } from './may-serve.ts';

/** Between two offers of one item to the same person. */
const OFFERED_AGAIN_AFTER_SECONDS = 60;
/** Items of a queue that are looked at beyond the room of its agents: some cannot be offered yet. */
const LOOKED_AT_BEYOND_ROOM = 50;

/** One round at a time; an arbitrary number, which no other advisory lock of the database uses. */
const ROUND_LOCK = 5_600_056;

export interface OfferRound {
  /** False: no queue offers its items. */
  readonly isUsed: boolean;
  readonly offered: number;
}

/**
 * One round of offering: ends offers that are over, sets people away, and offers what waits in queues that offer their
 * items, oldest first, to who has room and has been idle longest. Rounds of several workers follow one another, so that
 * no capacity is exceeded; a worker that is killed in the middle leaves nothing behind.
 */
export async function offerItems(db: Database): Promise<OfferRound> {
  if (!(await hasWork(db))) return { isUsed: false, offered: 0 };
  return await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(ROUND_LOCK)})`.execute(trx);
    await endOffers(trx);
    await noteAbsences(trx);
    return { isUsed: true, offered: await offerWaiting(trx) };
  });
}

/** Also while offers of a queue that no longer offers its items are open. */
async function hasWork(db: Database): Promise<boolean> {
  const { rows } = await sql<{ hasWork: boolean }>`
    select exists (select from queues where offers is not null and removed_at is null)
      or exists (select from offers where outcome is null) as has_work
  `.execute(db);
  return rows[0]?.hasWork === true;
}

async function offerWaiting(trx: Transaction<Schema>): Promise<number> {
  let agents = await listAgentsWithRoom(trx);
  if (agents.length === 0) return 0;
  let offered = 0;
  for (const { id, ...item } of await listOfferable(trx, agents)) {
    const agent = chooseAgent(agents, item);
    if (!agent || !(await offer(trx, id, item.queueId, agent.userId))) continue;
    offered += 1;
    agents = agents.map((each) =>
      each === agent ? { ...each, room: each.room - 1, openOffers: each.openOffers + 1 } : each,
    );
    if (agents.every(({ room }) => room <= 0)) break;
  }
  return offered;
}

async function listAgentsWithRoom(trx: Transaction<Schema>): Promise<readonly IdleAgent[]> {
  const openOffers = sql<number>`(select count(*) from offers where offers.user_id = users.id and outcome is null)`;
  const room = sql<number>`${capacityOf} - ${heldBy} - ${openOffers}`;
  const rows = await trx
    .selectFrom('agentAvailability')
    .innerJoin('users', 'users.id', 'agentAvailability.userId')
    .where(isAvailable)
    .where(sql<boolean>`${room} > 0`)
    .select([
      'users.id as userId',
      'agentAvailability.idleSince',
      room.as('room'),
      openOffers.as('openOffers'),
      sql<string[]>`array(select queues.id::text from queues where ${mayServe})`.as('queueIds'),
    ])
    .execute();
  return rows
    .filter(({ queueIds }) => queueIds.length > 0)
    .map(({ queueIds, ...agent }) => ({ ...agent, queueIds: new Set(queueIds) }));
}

/**
 * Waiting items of the agents' queues in the order of decision 63, with who had them: those that were answered after the
 * others, unless the same target counts for both. Not locked: each is looked at again.
 */
async function listOfferable(trx: Transaction<Schema>, agents: readonly IdleAgent[]) {
  const queueIds = [...new Set(agents.flatMap((agent) => [...agent.queueIds]))];
  const limit = agents.reduce((sum, { room }) => sum + room, 0) + LOOKED_AT_BEYOND_ROOM;
  const actors = agents.map(({ userId }) => `user:${userId}`);
  const oldest = (which: First) => sql`(
    select items.id, items.queue_id, items.received_at, ${isAnswered} as is_answered,
      case when ${isKeptFromOthers('')} then substr(items.assigned_to, 6) end as kept_for
    from items where items.queue_id = queues.id and items.state <> 'completed' and ${isWaiting} and ${isOf[which]}
      and (not ${isKeptFromOthers('')} or (items.assigned_until > now() and items.assigned_to = any(${actors})))
      and not exists (select from offers where offers.item_id = items.id and offers.outcome is null)
    order by items.received_at, items.id limit ${limit}
  )`;
  const { rows } = await sql<{ id: string; queueId: string; keptFor: string | null }>`
    select found.id, found.queue_id, found.kept_for
    from queues cross join lateral (${oldest('unanswered')} union all ${oldest('answered')}) as found
    where queues.id = any(${queueIds}::uuid[])
    order by found.is_answered and not ${sameTargetCounts}, found.received_at, found.id
  `.execute(trx);
  const had = await listHad(
    trx,
    rows.map(({ id }) => id),
  );
  return rows.map(({ id, queueId, keptFor }) => ({
    id,
    queueId,
    keptFor: keptFor ?? undefined,
    had: had.get(id) ?? new Map<string, HadItem>(),
  }));
}

/** True where the time until the completion is the earlier target, which counts with and without an answer. */
const sameTargetCounts = sql<boolean>`coalesce(
  (queues.target ->> 'resolutionMinutes')::float8
    <= coalesce((queues.target ->> 'firstAnswerMinutes')::float8, 'infinity'), false
)`;

/** Who was offered each item before, by item and user. */
async function listHad(trx: Transaction<Schema>, itemIds: readonly string[]) {
  const rows = await trx
    .selectFrom('offers')
    .where('itemId', '=', sql<string>`any(${itemIds}::uuid[])`)
    .where('outcome', 'in', ['accepted', 'declined', 'missed'])
    .groupBy(['itemId', 'userId'])
    .select((select) => ['itemId', 'userId', select.fn.countAll<number>().as('times')])
    .select(sql<boolean>`max(ended_at) > now() - ${OFFERED_AGAIN_AFTER_SECONDS} * interval '1 second'`.as('isRecent'))
    .execute();
  const had = new Map<string, Map<string, HadItem>>();
  for (const { itemId, userId, times, isRecent } of rows) {
    const ofItem = had.get(itemId) ?? new Map<string, HadItem>();
    had.set(itemId, ofItem.set(userId, { times, isRecent }));
  }
  return had;
}

/** Offers an item that still waits, and keeps it for the person. False: it went elsewhere, or is being changed. */
async function offer(trx: Transaction<Schema>, itemId: string, queueId: string, userId: string): Promise<boolean> {
  const actor = `user:${userId}`;
  const { rows } = await sql<{ id: string }>`
    with item as (
      select items.id from items where items.id = ${itemId} and items.queue_id = ${queueId}
        and items.state <> 'completed' and ${isWaiting} and not ${isKeptFromOthers(actor)}
      for update skip locked
    ), offer as (
      insert into offers (item_id, queue_id, user_id, expires_at)
      select item.id, queues.id, ${userId}, now() + (queues.offers ->> 'timeoutSeconds')::int * interval '1 second'
      from item join queues on queues.id = ${queueId}
      on conflict (item_id) where outcome is null do nothing
      returning item_id, expires_at
    )
    update items set assigned_to = ${actor}, assigned_until = offer.expires_at
    from offer where items.id = offer.item_id returning items.id
  `.execute(trx);
  if (rows.length === 0) return false;
  // Without the account: its own history is not about who works.
  await recordEvent(trx, { actor, name: 'item.offered', targetId: itemId });
  return true;
}
