import { sql } from 'kysely';
import type { ItemState } from '../schema.ts';

/** True for an item that can be claimed: it waits, or who claimed it let the lease run out. */
export const isWaiting = sql<boolean>`(
  items.state = 'waiting' or (items.state = 'claimed' and items.lease_expires_at <= now())
)`;

/** True for an item that somebody holds. */
export const isClaimed = sql<boolean>`(items.state = 'claimed' and items.lease_expires_at > now())`;

/** The state as people see it: a claim whose lease ran out is none. */
export const effectiveState = sql<ItemState>`
  case when items.state = 'claimed' and items.lease_expires_at <= now() then 'waiting' else items.state end`;
