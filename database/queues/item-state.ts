import { sql } from 'kysely';
import type { ItemState } from '../schema.ts';

/** True for an item that can be claimed: it waits, or the lease of its claim has expired. */
export const isWaiting = sql<boolean>`(
  items.state = 'waiting' or (items.state = 'claimed' and items.lease_expires_at <= now())
)`;

/** True for an item with a valid claim. */
export const isClaimed = sql<boolean>`(items.state = 'claimed' and items.lease_expires_at > now())`;

/** The state as it is shown: a claim with an expired lease is none. */
export const effectiveState = sql<ItemState>`
  case when items.state = 'claimed' and items.lease_expires_at <= now() then 'waiting' else items.state end`;
