import type { Queryable } from '../database.ts';
import { actorName } from '../people/actor-name.ts';

/** How a claim ended without its holder: the lease expired, or the item was taken back. */
export interface LostClaim {
  readonly how: 'expired' | 'taken-back';
  /** The holder of the lost claim: `user:<id>` or `key:<id>`. */
  readonly claimedBy: string;
  readonly endedAt: Date;
  /** The name of who took it back; null: the lease expired, or the user or key is gone. */
  readonly endedByName: string | null;
}

interface WaitingItem {
  readonly id: string;
  readonly accountId: string;
  readonly claimedBy: string | null;
  readonly leaseExpiresAt: Date | null;
}

/**
 * How the last claim of a waiting item was lost, if it was. An expired lease is still in the item's row; a take-back is
 * among the events of its account.
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
