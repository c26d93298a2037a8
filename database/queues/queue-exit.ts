import { sql, type Transaction } from 'kysely';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import type { ItemState, Schema } from '../schema.ts';
import { isClaimed, isWaiting } from './item-state.ts';
import { findItem, type ItemView } from './messages.ts';

/**
 * The port through which items leave their queues (decision 39). Agents use it through the API's routes; a delivery
 * into another system uses the same steps, under its own holder.
 *
 * Every step builds its answer inside its transaction: if that fails, nothing is changed.
 */
export interface QueueExit {
  /**
   * Claims the item that has waited longest. Undefined when none waits. Safe for many callers at once: they do not wait
   * for each other, and no item is claimed twice.
   */
  claimNext<Answer>(claim: ClaimOfNext, answer: AnswerWith<Answer>): Promise<Answer | undefined>;
  /** Claims a waiting item, or extends the holder's own claim. */
  claim<Answer>(id: string, claim: Claim, answer: AnswerWith<Answer>): Promise<ExitOutcome<Answer>>;
  /**
   * Completes an item that the holder claimed, even after the lease has expired, unless another holder has claimed it
   * since. Completing an item twice changes nothing.
   */
  complete<Answer>(id: string, holder: string, answer: AnswerWith<Answer>): Promise<ExitOutcome<Answer>>;
  /**
   * Returns an item to its place in the queue. With `takeBack` also one that another holder claimed, which is recorded.
   * Releasing a waiting item changes nothing.
   */
  release<Answer>(id: string, release: Release, answer: AnswerWith<Answer>): Promise<ExitOutcome<Answer>>;
}

/** Builds the caller's answer from the item after the step. */
export type AnswerWith<Answer> = (item: ItemView) => Answer;

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

export type ExitOutcome<Answer> =
  | { readonly outcome: 'done'; readonly answer: Answer }
  | {
      readonly outcome:
        | 'not-found'
        | 'not-claimed'
        | 'completed-before'
        | 'claimed-by-other'
        // The item is in no queue.
        | 'unqueued'
        // A state of a newer release, which this one must leave alone.
        | 'unknown-state';
    };
type Refusal = Exclude<ExitOutcome<never>, { outcome: 'done' }>['outcome'];

function refusalOf(state: ItemState): Refusal | undefined {
  switch (state) {
    case 'waiting':
    case 'claimed':
    case 'completed':
      return undefined;
    case 'unqueued':
      return 'unqueued';
    default:
      return 'unknown-state';
  }
}

/** The only implementation so far: on the rows of `items`. */
export function createQueueExit(db: Database): QueueExit {
  /** Changes the locked item, or refuses to, and builds the answer. */
  async function step<Answer>(
    id: string,
    answer: AnswerWith<Answer>,
    change: (trx: Transaction<Schema>, item: LockedItem) => Promise<Refusal | undefined>,
  ): Promise<ExitOutcome<Answer>> {
    return await db.transaction().execute(async (trx) => {
      const item = await lockItem(trx, id);
      const refusal = item ? (refusalOf(item.state) ?? (await change(trx, item))) : 'not-found';
      if (refusal !== undefined) return { outcome: refusal };
      const view = await findItem(trx, id);
      return view ? { outcome: 'done', answer: answer(view) } : { outcome: 'not-found' };
    });
  }

  return {
    async claimNext(claim, answer) {
      return await db.transaction().execute(async (trx) => {
        const id = (await findClaimed(trx, claim)) ?? (await claimOldest(trx, claim));
        if (id === undefined) return undefined;
        const view = await findItem(trx, id);
        return view && answer(view);
      });
    },

    claim: (id, { holder, leaseSeconds }, answer) =>
      step(id, answer, async (trx, item) => {
        if (item.state === 'completed') return 'completed-before';
        if (item.isHeld && item.claimedBy !== holder) return 'claimed-by-other';
        const isOwn = item.isHeld && item.claimedBy === holder;
        await trx
          .updateTable('items')
          .set({
            state: 'claimed',
            claimedBy: holder,
            ...(isOwn ? {} : { claimedAt: sql`now()` }),
            leaseExpiresAt: leaseOf(leaseSeconds),
          })
          .where('id', '=', id)
          .execute();
        return undefined;
      }),

    complete: (id, holder, answer) =>
      step(id, answer, async (trx, item) => {
        if (item.state === 'completed') return item.claimedBy === holder ? undefined : 'completed-before';
        if (item.state !== 'claimed') return 'not-claimed';
        if (item.claimedBy !== holder) return 'claimed-by-other';
        await trx
          .updateTable('items')
          .set({ state: 'completed', completedAt: sql`now()`, leaseExpiresAt: null })
          .where('id', '=', id)
          .execute();
        return undefined;
      }),

    release: (id, { holder, takeBack }, answer) =>
      step(id, answer, async (trx, item) => {
        if (item.state === 'completed') return 'completed-before';
        if (item.state === 'waiting') return undefined;
        const isOwn = item.claimedBy === holder;
        if (!isOwn && !takeBack) return 'claimed-by-other';
        await trx
          .updateTable('items')
          .set({ state: 'waiting', claimedBy: null, claimedAt: null, leaseExpiresAt: null })
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

/**
 * One statement: concurrent claims skip the row that another is taking. The scan is in the order of `items_open`,
 * oldest first.
 */
async function claimOldest(
  db: Queryable,
  { queueId, holder, leaseSeconds, requestId }: ClaimOfNext,
): Promise<string | undefined> {
  const row = await db
    .updateTable('items')
    .set({
      state: 'claimed',
      claimedBy: holder,
      claimedAt: sql`now()`,
      leaseExpiresAt: leaseOf(leaseSeconds),
      ...(requestId === undefined ? {} : { claimRequest: requestId }),
    })
    .where('id', '=', (select) =>
      select
        .selectFrom('items')
        .select('id')
        .where('queueId', '=', queueId)
        .where('state', '<>', 'completed')
        .where(isWaiting)
        .orderBy('receivedAt')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
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

const leaseOf = (seconds: number) => sql<Date>`now() + ${seconds} * interval '1 second'`;

type LockedItem = NonNullable<Awaited<ReturnType<typeof lockItem>>>;

async function lockItem(db: Queryable, id: string) {
  return await db
    .selectFrom('items')
    .select(['state', 'claimedBy', 'accountId', isClaimed.as('isHeld')])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}
