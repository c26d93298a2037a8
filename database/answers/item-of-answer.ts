import { sql, type Transaction } from 'kysely';
import { isClaimed } from '../queues/item-state.ts';
import type { Schema } from '../schema.ts';

/** Time to look at an answer again after its sending was undone. */
const LEASE_AFTER_UNDO_SECONDS = 300;

/**
 * Completes the item of an answer, if that is wanted: one that waits, too, because under the lock the claim and the
 * completion are one step. An item that another person holds is left alone, and so is the answer.
 */
export async function completeWithAnswer(
  trx: Transaction<Schema>,
  itemId: string,
  actor: string,
  isWanted: boolean,
): Promise<'completed' | 'kept' | 'item-held-by-other' | 'item-unqueued'> {
  const item = await trx
    .selectFrom('items')
    .select(['state', 'claimedBy', isClaimed.as('isHeld')])
    .where('id', '=', itemId)
    .forUpdate()
    .executeTakeFirst();
  if (!item) return 'kept';
  if (item.isHeld && item.claimedBy !== actor) return 'item-held-by-other';
  if (!isWanted || item.state === 'completed') return 'kept';
  if (item.state === 'unqueued') return 'item-unqueued';
  await trx
    .updateTable('items')
    .set({
      state: 'completed',
      claimedBy: actor,
      claimedAt: sql`coalesce(claimed_at, now())`,
      completedAt: sql`now()`,
      leaseExpiresAt: null,
    })
    .where('id', '=', itemId)
    .execute();
  return 'completed';
}

/**
 * Opens an item again that was completed together with an answer: back with its holder after an undo, back in its queue
 * after a failure. One that somebody opened or completed in the meantime stays.
 */
export async function reopenAfterAnswer(
  trx: Transaction<Schema>,
  itemId: string,
  { holder, keepsClaim }: { readonly holder: string | null; readonly keepsClaim: boolean },
): Promise<void> {
  await trx
    .updateTable('items')
    .set({
      completedAt: null,
      ...(keepsClaim
        ? { state: 'claimed', leaseExpiresAt: sql`now() + ${LEASE_AFTER_UNDO_SECONDS} * interval '1 second'` }
        : { state: 'waiting', claimedBy: null, claimedAt: null, leaseExpiresAt: null }),
    })
    .where('id', '=', itemId)
    .where('state', '=', 'completed')
    .where('claimedBy', '=', holder)
    .execute();
}
