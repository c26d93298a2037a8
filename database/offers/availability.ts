import { sql } from 'kysely';
import {
  type AvailabilityState,
  type AwayReason,
  DEFAULT_CAPACITY,
  IDLE_AFTER_MINUTES,
  PAGE_TRUSTED_SECONDS,
} from '../../domain/offering.ts';
import type { Queryable } from '../database.ts';
import { isValidSession } from '../people/sessions.ts';
import { mayServe } from './may-serve.ts';

/** True for a person (`agent_availability`) with a session: no offer waits for who has signed out. */
export const isSignedIn = sql<boolean>`exists (
  select from sessions, session_limits where sessions.user_id = agent_availability.user_id and ${isValidSession}
)`;
const isOpen = sql<boolean>`(
  agent_availability.seen_at > now() - ${PAGE_TRUSTED_SECONDS} * interval '1 second' and ${isSignedIn}
)`;
const isActive = sql<boolean>`(agent_availability.active_at > now() - ${IDLE_AFTER_MINUTES} * interval '1 minute')`;

/** True for who is available now: by choice, signed in, with an open page and a sign of the person. */
export const isAvailable = sql<boolean>`(agent_availability.state = 'available' and ${isOpen} and ${isActive})`;

/** Why a person is away now; null: available, or never chosen. */
export const awayBecause = sql<AwayReason | null>`case
  when agent_availability.state is null then null
  when agent_availability.state <> 'available' then agent_availability.because
  when not ${isOpen} then 'closed' when not ${isActive} then 'idle'
end`;

/** Since when a person is available or away; null: never chosen. */
export const stateSince = sql<Date>`case
  when agent_availability.state is null then null
  when agent_availability.state <> 'available' or ${isAvailable} then agent_availability.since
  else least(
    agent_availability.seen_at + ${PAGE_TRUSTED_SECONDS} * interval '1 second',
    agent_availability.active_at + ${IDLE_AFTER_MINUTES} * interval '1 minute',
    now()
  )
end`;

/** How many items a user (`users`) may have at a time. */
export const capacityOf = sql<number>`coalesce(users.capacity, ${DEFAULT_CAPACITY})`;

/** How many items a user (`users`) has claimed. */
export const heldBy = sql<number>`(
  select count(*) from items
  where items.claimed_by = 'user:' || users.id and items.state = 'claimed' and items.lease_expires_at > now()
)`;

export interface Availability {
  /** False: no queue offers items to this person, so that it makes no difference. */
  readonly isUsed: boolean;
  readonly state: AvailabilityState;
  /** Why away; null: available, or never chosen. */
  readonly because: AwayReason | null;
  readonly since: Date | null;
  readonly capacity: number;
  readonly held: number;
}

/** Whether items are offered to a user; undefined: there is no such user. */
export async function readAvailability(db: Queryable, userId: string): Promise<Availability | undefined> {
  const row = await db
    .selectFrom('users')
    .leftJoin('agentAvailability', 'agentAvailability.userId', 'users.id')
    .where('users.id', '=', userId)
    .select([
      sql<boolean>`exists (select from queues where ${mayServe})`.as('isUsed'),
      sql<boolean>`coalesce(${isAvailable}, false)`.as('isAvailable'),
      awayBecause.as('because'),
      stateSince.$castTo<Date | null>().as('since'),
      capacityOf.as('capacity'),
      heldBy.as('held'),
    ])
    .executeTakeFirst();
  if (!row) return undefined;
  const { isAvailable: available, ...rest } = row;
  return { ...rest, state: available ? 'available' : 'away' };
}

/** Makes a user available or away, by choice. To repeat it changes nothing, but counts as a sign of the person. */
export async function chooseAvailability(db: Queryable, userId: string, state: AvailabilityState): Promise<void> {
  const because = state === 'away' ? 'chosen' : null;
  await db
    .insertInto('agentAvailability')
    .values({ userId, state, because })
    .onConflict((conflict) =>
      conflict.column('userId').doUpdateSet({
        state,
        because,
        since: sql`case when agent_availability.state = ${state} and ${awayBecause} is not distinct from ${because}
          then agent_availability.since else now() end`,
        idleSince: sql`case when ${isAvailable} then agent_availability.idle_since else now() end`,
        seenAt: sql`now()`,
        activeAt: sql`now()`,
      }),
    )
    .execute();
}

/**
 * A page of the user is open, and the last sign of the person was so many seconds ago. Who was away by then, because no
 * page had reported or nothing was done, stays so: only the person decides to be available again.
 */
export async function reportOpenPage(db: Queryable, userId: string, idleSeconds: number): Promise<void> {
  await db
    .updateTable('agentAvailability')
    .set({
      ...setAway,
      seenAt: sql`now()`,
      activeAt: sql`greatest(agent_availability.active_at, now() - ${idleSeconds} * interval '1 second')`,
    })
    .where('userId', '=', userId)
    .execute();
}

const setAway = {
  state: sql<AvailabilityState>`case when ${isAvailable} then 'available' else 'away' end`,
  because: awayBecause,
  since: stateSince,
};

/** Writes down who is away because no page is open or nothing was done, so that pages and the board learn of it. */
export async function noteAbsences(db: Queryable): Promise<void> {
  await db
    .updateTable('agentAvailability')
    .set(setAway)
    .where('userId', 'in', (select) =>
      select
        .selectFrom('agentAvailability')
        .select('userId')
        .where('state', '=', 'available')
        .where(sql<boolean>`not ${isAvailable}`)
        .forUpdate()
        .skipLocked(),
    )
    .execute();
}

/** A person accepted or completed an item: idle from now on. Other actors than users are never idle. */
export async function noteWork(db: Queryable, actor: string): Promise<void> {
  if (!actor.startsWith('user:')) return;
  await db
    .updateTable('agentAvailability')
    .set({ idleSince: sql`now()` })
    .where('userId', '=', actor.slice('user:'.length))
    .execute();
}
