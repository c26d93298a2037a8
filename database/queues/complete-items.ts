import { sql, type Transaction } from 'kysely';
import { COMPLETION_UNDONE_WITHIN_SECONDS } from '../../domain/item-work.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database } from '../database.ts';
import { noteWork } from '../offers/availability.ts';
import type { Schema } from '../schema.ts';
import { addNote } from './item-notes.ts';
import { notAssigned, notClaimed, notParked } from './item-state.ts';
import {
  type AnswerWith,
  type ExitOutcome,
  type LockedItem,
  type Refusal,
  refusalToTake,
  takeStep,
} from './item-step.ts';
import { hasNewMail } from './newest-mail.ts';

/** Time to look at an item again whose completion was undone, as after a claim. */
const LEASE_AFTER_UNDO_SECONDS = 300;

export interface Completion {
  readonly holder: string;
  /** A code of the item's queue. */
  readonly outcome?: string | undefined;
  /** True: also an item that waits, as if it were claimed first. */
  readonly claims?: boolean;
  /** The newest mail that the holder saw, of `newestMail`: a mail that was joined since refuses the completion. */
  readonly seenThrough?: string | undefined;
}

/**
 * Completes a locked item, and the items that are joined to it, as the holder's. Call it in the transaction that locked
 * the item.
 */
export async function completeWithJoined(
  trx: Transaction<Schema>,
  item: LockedItem,
  { holder, outcome, claims = false, seenThrough }: Completion,
): Promise<Refusal | undefined> {
  const { id, state, claimedBy } = item;
  if (state === 'completed') return claimedBy === holder ? undefined : 'completed-before';
  if (state === 'unqueued') return 'unqueued';
  if (claims) {
    const refusal = refusalToTake(item, holder);
    if (refusal !== undefined) return refusal;
  } else {
    if (state === 'joined') return 'joined';
    if (state !== 'claimed') return 'not-claimed';
    if (claimedBy !== holder) return 'claimed-by-other';
  }
  if (outcome !== undefined && !(await isOutcomeOf(trx, item.queueId, outcome))) return 'no-such-outcome';
  // Under the lock that capture takes before it joins a mail to the item.
  if (await hasNewMail(trx, id, 'joined', seenThrough)) return 'new-mail';
  await trx
    .updateTable('items')
    .set({
      state: 'completed',
      completedAt: sql`now()`,
      leaseExpiresAt: null,
      outcome: outcome ?? null,
      claimedBy: holder,
      claimedAt: sql`case when claimed_by = ${holder} then claimed_at else now() end`,
      ...notParked,
      ...notAssigned,
    })
    .where((where) => where.or([where('id', '=', id), where('joinedTo', '=', id).and('state', '=', 'joined')]))
    .execute();
  await noteWork(trx, holder);
  return undefined;
}

async function isOutcomeOf(trx: Transaction<Schema>, queueId: string | null, outcome: string): Promise<boolean> {
  const found = await trx
    .selectFrom('queues')
    .select('id')
    .where('id', '=', queueId)
    .where(sql<boolean>`${outcome} = any(outcomes)`)
    .executeTakeFirst();
  return found !== undefined;
}

/** Takes a completion back, by its actor and within a minute: the item is claimed as before, also the joined ones. */
export async function undoCompletion<Answer>(
  db: Database,
  id: string,
  actor: string,
  answer: AnswerWith<Answer>,
): Promise<ExitOutcome<Answer>> {
  return await takeStep(db, id, answer, async (trx, item) => {
    // The same request again, after its answer was lost.
    if (item.isHeld && item.claimedBy === actor) return undefined;
    if (item.state !== 'completed') return 'not-completed';
    const isSoon = (item.completedForSeconds ?? 0) <= COMPLETION_UNDONE_WITHIN_SECONDS;
    if (item.claimedBy !== actor || !isSoon) return 'not-undoable';
    await openAgain(trx, id, { keepsClaim: true });
    return undefined;
  });
}

/** Opens a completed item again, with the reason as a note: it waits in its queue, and with it what is joined to it. */
export async function reopenItem<Answer>(
  db: Database,
  id: string,
  { actor, reason }: { readonly actor: string; readonly reason: string },
  answer: AnswerWith<Answer>,
): Promise<ExitOutcome<Answer>> {
  return await takeStep(db, id, answer, async (trx, item) => {
    if (item.state !== 'completed') return 'not-completed';
    await openAgain(trx, id, { keepsClaim: false });
    const { accountId } = item;
    await addNote(trx, { itemId: id, accountId, author: actor, kind: 'reopened', text: reason, mentions: [] });
    await recordEvent(trx, { actor, name: 'item.reopened', accountId, targetId: id });
    return undefined;
  });
}

/**
 * Opens a completed item, and those that were completed in one step with it: back with its holder, or waiting in its
 * queue. Call it in the transaction that locked the item.
 */
export async function openAgain(
  trx: Transaction<Schema>,
  id: string,
  { keepsClaim }: { readonly keepsClaim: boolean },
): Promise<void> {
  await openJoined(trx, id);
  await trx
    .updateTable('items')
    .set({
      completedAt: null,
      outcome: null,
      ...(keepsClaim
        ? { state: 'claimed', leaseExpiresAt: sql`now() + ${LEASE_AFTER_UNDO_SECONDS} * interval '1 second'` }
        : // Completed with another one, it is opened by itself.
          { state: 'waiting', joinedTo: null, ...notClaimed, ...notAssigned }),
    })
    .where('id', '=', id)
    .execute();
}

/** Those that were completed in one step with the item, which still is. */
async function openJoined(trx: Transaction<Schema>, id: string): Promise<void> {
  await trx
    .updateTable('items')
    .set({ state: 'joined', completedAt: null, outcome: null, ...notClaimed })
    .where('joinedTo', '=', id)
    .where('state', '=', 'completed')
    .where('completedAt', '=', (select) => select.selectFrom('items').select('completedAt').where('id', '=', id))
    .execute();
}
