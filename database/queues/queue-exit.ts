import { sql, type Transaction } from 'kysely';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import type { Schema } from '../schema.ts';
import { type Completion, completeWithJoined } from './complete-items.ts';
import {
  isClaimed,
  isKeptFromOthers,
  isOfferedOnly,
  isWaiting,
  notAssigned,
  notClaimed,
  notParked,
} from './item-state.ts';
import {
  type AnswerWith,
  type ExitOutcome,
  type LockedItem,
  type Refusal,
  refusalToTake,
  takeStep,
} from './item-step.ts';
import { findItem } from './messages.ts';
import { type First, findFirst, isOf } from './next-in-queue.ts';

export type { AnswerWith, ExitOutcome } from './item-step.ts';

/**
 * The port through which items leave their queues (decision 39). Agents use it through the API's routes; a delivery
 * into another system uses the same steps, under its own holder.
 *
 * Every step builds its answer inside its transaction: if that fails, nothing is changed.
 */
export interface QueueExit {
  /**
   * Claims the next item in the order of the queue (decision 63); first one that is kept for the holder, and never one that
   * is kept for another person, nor of a queue whose items agents get only by offers. Undefined when none waits. Safe for
   * many callers at once: they do not wait for each other, and no
   * item is claimed twice.
   */
  claimNext<Answer>(claim: ClaimOfNext, answer: AnswerWith<Answer>): Promise<Answer | undefined>;
  /** Claims a waiting or parked item, or extends the holder's own claim. */
  claim<Answer>(id: string, claim: Claim, answer: AnswerWith<Answer>): Promise<ExitOutcome<Answer>>;
  /**
   * Completes an item that the holder claimed, even after the lease has expired, unless another holder has claimed it
   * since; and with it the items that are joined to it. Completing an item twice changes nothing.
   */
  complete<Answer>(id: string, completion: Completion, answer: AnswerWith<Answer>): Promise<ExitOutcome<Answer>>;
  /**
   * Returns an item to its place in the queue. With `takeBack` also one that another holder claimed, which is recorded.
   * Releasing a waiting item changes nothing.
   */
  release<Answer>(id: string, release: Release, answer: AnswerWith<Answer>): Promise<ExitOutcome<Answer>>;
}

export interface Claim {
  /** The holder: `user:<id>` or `key:<id>`. */
  readonly holder: string;
  readonly leaseSeconds: number;
}

export interface ClaimOfNext extends Claim {
  readonly queueId: string;
  /** A name for this claim: a repetition returns the same item while it is still held. */
  readonly requestId?: string | undefined;
}

export interface Release {
  readonly holder: string;
  readonly takeBack: boolean;
}

/** The only implementation so far: on the rows of `items`. */
export function createQueueExit(db: Database): QueueExit {
  return {
    async claimNext(claim, answer) {
      return await db.transaction().execute(async (trx) => {
        const id = (await findClaimed(trx, claim)) ?? (await claimFirst(trx, claim));
        if (id === undefined) return undefined;
        const view = await findItem(trx, id);
        return view && answer(view);
      });
    },

    claim: (id, { holder, leaseSeconds }, answer) =>
      takeStep(db, id, answer, (trx, item) => claimLocked(trx, item, { holder, leaseSeconds })),

    complete: (id, completion, answer) =>
      takeStep(db, id, answer, (trx, item) => completeWithJoined(trx, item, completion)),

    release: (id, { holder, takeBack }, answer) =>
      takeStep(db, id, answer, async (trx, item) => {
        if (item.state === 'unqueued') return 'unqueued';
        if (item.state === 'completed') return 'completed-before';
        if (item.state === 'joined') return 'joined';
        if (item.state === 'parked') return 'not-claimed';
        if (item.state === 'waiting') return undefined;
        const isOwn = item.claimedBy === holder;
        if (!isOwn && !takeBack) return 'claimed-by-other';
        await trx
          .updateTable('items')
          .set({ state: 'waiting', ...notClaimed })
          .where('id', '=', id)
          .execute();
        if (!isOwn) {
          const { accountId, claimedBy } = item;
          const details = { claimedBy };
          await recordEvent(trx, { actor: holder, name: 'item.taken-back', accountId, targetId: id, details });
        }
        return undefined;
      }),
  };
}

/** Claims a locked item, or extends the holder's own claim. Call it in the transaction that locked the item. */
export async function claimLocked(
  trx: Transaction<Schema>,
  item: LockedItem,
  { holder, leaseSeconds }: Claim,
): Promise<Refusal | undefined> {
  if (item.state === 'unqueued') return 'unqueued';
  const refusal = refusalToTake(item, holder);
  if (refusal !== undefined) return refusal;
  const isOwn = item.isHeld && item.claimedBy === holder;
  await trx
    .updateTable('items')
    .set({
      state: 'claimed',
      claimedBy: holder,
      ...(isOwn ? {} : { claimedAt: sql`now()`, ...notParked, ...notAssigned }),
      leaseExpiresAt: leaseOf(leaseSeconds),
    })
    .where('id', '=', item.id)
    .execute();
  return undefined;
}

/**
 * One statement: concurrent claims skip the row that another is taking. What is kept for the holder is found by
 * `items_assigned`, what is answered by `items_open_answered`; else the scan is in the order of `items_open`, oldest first.
 */
async function claimFirst(
  db: Queryable,
  { queueId, holder, leaseSeconds, requestId }: ClaimOfNext,
): Promise<string | undefined> {
  const first = await findFirst(db, queueId, holder);
  const order = first === 'answered' ? (['answered', 'unanswered'] as const) : (['unanswered', 'answered'] as const);
  const oldest = (which: First) =>
    db
      .selectFrom('items')
      .select('id')
      .where('queueId', '=', queueId)
      .where('state', '<>', 'completed')
      .where(isWaiting)
      .where(isOf[which])
      .orderBy('receivedAt')
      .orderBy('id')
      .limit(1)
      .forUpdate()
      .skipLocked();
  const own = order.map((which) => sql`(${oldest(which).where('assignedTo', '=', holder)})`);
  const any = order.map((which) => {
    const others = oldest(which)
      .where(sql<boolean>`not ${isKeptFromOthers(holder)}`)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('queues').where('queues.id', '=', queueId).where(isOfferedOnly))),
      );
    return sql`(${others})`;
  });
  const row = await db
    .updateTable('items')
    .set({
      state: 'claimed',
      claimedBy: holder,
      claimedAt: sql`now()`,
      leaseExpiresAt: leaseOf(leaseSeconds),
      ...notParked,
      ...notAssigned,
      ...(requestId === undefined ? {} : { claimRequest: requestId }),
    })
    .where('id', '=', sql<string>`coalesce(${sql.join([...own, ...any])})`)
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** The item that the same request claimed before. Concurrent repetitions are answered one after the other. */
async function findClaimed(db: Queryable, { queueId, holder, requestId }: ClaimOfNext): Promise<string | undefined> {
  if (requestId === undefined) return undefined;
  await sql`select pg_advisory_xact_lock(hashtextextended(${requestId}, 0))`.execute(db);
  const row = await db
    .selectFrom('items')
    .select('id')
    .where('queueId', '=', queueId)
    .where('state', '<>', 'completed')
    .where(isClaimed)
    .where('claimedBy', '=', holder)
    .where('claimRequest', '=', requestId)
    .executeTakeFirst();
  return row?.id;
}

export const leaseOf = (seconds: number) => sql<Date>`now() + ${seconds} * interval '1 second'`;
