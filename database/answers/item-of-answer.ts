import type { Transaction } from 'kysely';
import { completeWithJoined, openAgain } from '../queues/complete-items.ts';
import { lockItem, type Refusal, refusalOfState } from '../queues/item-step.ts';
import type { Schema } from '../schema.ts';

/**
 * Completes the item of an answer, if that is wanted: one that waits, too, because under the lock the claim and the
 * completion are one step. An item that another person holds is left alone, and so is the answer; and where a mail was
 * joined after the one that the actor saw.
 */
export async function completeWithAnswer(
  trx: Transaction<Schema>,
  itemId: string,
  actor: string,
  isWanted: boolean,
  seenThrough: string | undefined,
): Promise<'completed' | 'kept' | { readonly refusal: Refusal }> {
  const item = await lockItem(trx, itemId);
  if (!item) return 'kept';
  if (item.isHeld && item.claimedBy !== actor) return { refusal: 'claimed-by-other' };
  if (!isWanted || item.state === 'completed') return 'kept';
  const completion = { holder: actor, claims: true, seenThrough };
  const refusal = refusalOfState(item.state) ?? (await completeWithJoined(trx, item, completion));
  return refusal === undefined ? 'completed' : { refusal };
}

/**
 * Opens an item again that was completed together with an answer: back with its holder after an undo, back in its queue
 * after a failure. One that was opened or completed by another in the meantime stays.
 */
export async function reopenAfterAnswer(
  trx: Transaction<Schema>,
  itemId: string,
  { holder, keepsClaim }: { readonly holder: string | null; readonly keepsClaim: boolean },
): Promise<void> {
  const item = await lockItem(trx, itemId);
  if (item?.state === 'completed' && item.claimedBy === holder) await openAgain(trx, itemId, { keepsClaim });
}
