import { sql } from 'kysely';
import type { Reach } from '../../domain/reach.ts';
import type { Queryable } from '../database.ts';
import { isWithin } from '../people/reach.ts';
import { isClaimed, isParked, isWaiting } from './item-state.ts';
import { type ItemSummary, selectItemSummaries } from './messages.ts';

/** What waits for one person, by why. */
export interface MyItems {
  /** Claimed, the shortest lease first. */
  readonly held: readonly ItemSummary[];
  /** Kept for the person, and waiting. */
  readonly assigned: readonly ItemSummary[];
  /** Parked by the person, the next to wake first. */
  readonly parked: readonly ItemSummary[];
  /** With a note that mentions the person, and that the person has not seen. */
  readonly mentioned: readonly ItemSummary[];
}

/** Of each kind; a person has some dozen. */
const MOST_ITEMS = 200;

/** The items within a reach that wait for an actor. `userId`: undefined for an API key, which notes cannot mention. */
export async function listMyItems(
  db: Queryable,
  actor: string,
  userId: string | undefined,
  reach: Reach | undefined,
): Promise<MyItems> {
  const mine = () => selectItemSummaries(db).where(isWithin(reach)).limit(MOST_ITEMS);
  return {
    held: await mine()
      .where('items.state', '<>', 'completed')
      .where(isClaimed)
      .where('items.claimedBy', '=', actor)
      .orderBy('items.leaseExpiresAt')
      .execute(),
    assigned: await mine()
      .where('items.state', '<>', 'completed')
      .where(isWaiting)
      .where('items.assignedTo', '=', actor)
      .where(sql<boolean>`(items.assigned_until is null or items.assigned_until > now())`)
      .orderBy('items.receivedAt')
      .execute(),
    parked: await mine()
      .where(isParked)
      .where('items.parkedBy', '=', actor)
      .orderBy(sql`items.parked_until nulls last`)
      .orderBy('items.receivedAt')
      .execute(),
    mentioned:
      userId === undefined
        ? []
        : await mine()
            .where('items.id', 'in', (select) =>
              select
                .selectFrom('itemMentions')
                .select('itemId')
                .where('userId', '=', userId)
                .where('seenAt', 'is', null),
            )
            .orderBy('items.receivedAt')
            .execute(),
  };
}
