import { type RawBuilder, sql } from 'kysely';
import type { ItemState } from '../schema.ts';

/** True for an item that can be claimed: it waits, the lease of its claim has expired, or its time to wake has come. */
export const isWaiting = sql<boolean>`(
  items.state = 'waiting' or (items.state = 'claimed' and items.lease_expires_at <= now())
  or (items.state = 'parked' and items.parked_until <= now())
)`;

/** True for an item with a valid claim. */
export const isClaimed = sql<boolean>`(items.state = 'claimed' and items.lease_expires_at > now())`;

/** True for an item that is parked and does not wake yet. */
export const isParked = sql<boolean>`(
  items.state = 'parked' and (items.parked_until is null or items.parked_until > now())
)`;

/** The state as it is shown: a claim with an expired lease is none, and an item whose time has come waits. */
export const effectiveState = sql<ItemState>`
  case when ${isWaiting} then 'waiting' else items.state end`;

/** True for an item in the state as it is shown, in words that the partial indexes of open items know. */
export function isInState(state: ItemState): RawBuilder<boolean> {
  if (state === 'waiting') return sql<boolean>`(items.state <> 'completed' and ${isWaiting})`;
  if (state === 'claimed') return sql<boolean>`(items.state <> 'completed' and ${isClaimed})`;
  if (state === 'parked') return sql<boolean>`(items.state <> 'completed' and ${isParked})`;
  return sql<boolean>`items.state = ${state}`;
}

/** True for an item to which a person's answer was sent. */
export const isAnswered = sql<boolean>`(items.answered_at is not null)`;

/**
 * True for an item that is kept for a person other than the actor. A person who may no longer sign in keeps nothing, so
 * that no item waits for good.
 */
export function isKeptFromOthers(actor: string): RawBuilder<boolean> {
  return sql<boolean>`(
    items.assigned_to is not null and items.assigned_to <> ${actor}
    and (items.assigned_until is null or items.assigned_until > now())
    and exists (select from users where users.enabled and 'user:' || users.id = items.assigned_to)
  )`;
}

/** True for a queue (`queues`) whose items agents get only by offers, and do not claim by hand. */
export const isOfferedOnly = sql<boolean>`(queues.offers ->> 'allowsClaims' = 'false')`;

/** What ends with a claim, a parking or a completion. */
export const notClaimed = { claimedBy: null, claimedAt: null, leaseExpiresAt: null } as const;
export const notParked = { parkedBy: null, parkedAt: null, parkedUntil: null, parkReason: null } as const;
export const notAssigned = { assignedTo: null, assignedUntil: null } as const;
