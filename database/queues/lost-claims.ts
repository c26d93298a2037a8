import type { Queryable } from '../database.ts';
import { actorName } from '../people/actor-name.ts';

/** How a claim ended that its holder did not end: the lease ran out, or somebody took the item back. */
export interface LostClaim {
  readonly how: 'expired' | 'taken-back';
  /** Who had claimed the item: `user:<id>` or `key:<id>`. */
  readonly claimedBy: string;
  readonly endedAt: Date;
  /** Who took it back, by name; null: nobody did, or whoever did is gone. */
  readonly endedByName: string | null;
}

interface WaitingItem {
  readonly id: string;
  readonly accountId: string;
  readonly claimedBy: string | null;
  readonly leaseExpiresAt: Date | null;
}

/**
 * How the last claim of an item that waits was lost, where it was. A lease that ran out is still in the item's row; what
 * was taken back is among the events of its account.
 */
export async function findLostClaim(
  db: Queryable,
  { id, accountId, claimedBy, leaseExpiresAt }: WaitingItem,
): Promise<LostClaim | undefined> {
  if (claimedBy !== null && leaseExpiresAt !== null) {
    return { how: 'expired', claimedBy, endedAt: leaseExpiresAt, endedByName: null };
  }
  const event = await db
    .selectFrom('events')
    .select(['at', 'details', actorName('events.actor').as('actorName')])
    .where('accountId', '=', accountId)
    .where('name', '=', 'item.taken-back')
    .where('targetId', '=', id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const holder = event?.details.claimedBy;
  if (!event || typeof holder !== 'string') return undefined;
  return { how: 'taken-back', claimedBy: holder, endedAt: event.at, endedByName: event.actorName };
}
