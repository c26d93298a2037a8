import { sql } from 'kysely';
import { KEPT_FOR_PERSON_HOURS, type ParkReason } from '../../domain/item-work.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import { addNote } from './item-notes.ts';
import { notAssigned, notClaimed, notParked } from './item-state.ts';
import { type AnswerWith, type ExitOutcome, type ItemChange, refusalToTake, takeStep } from './item-step.ts';
import { hasNewMail, holdCaptures } from './newest-mail.ts';

export interface Parking {
  readonly actor: string;
  readonly reason: ParkReason;
  /** Undefined: until the customer writes. */
  readonly until: Date | undefined;
  readonly note: string | undefined;
  /** The newest mail that the actor saw; undefined: not checked. */
  readonly seenThrough?: string | undefined;
}

/** Until when a woken item is kept for who parked it; `from`: an expression of the moment in which it wakes. */
const keptFrom = (from: ReturnType<typeof sql>) => sql<Date>`${from} + ${KEPT_FOR_PERSON_HOURS} * interval '1 hour'`;

/**
 * Parks an open item that no other agent holds. It wakes at its time, or when a mail of its conversation arrives, and is
 * then kept for who parked it for some hours. Parking it again changes when and why.
 *
 * A mail that is being captured at this moment is waited for: either it is noticed as new, or it finds the item parked
 * and wakes it.
 */
export async function parkItem<Answer>(
  db: Database,
  id: string,
  { actor, reason, until, note, seenThrough }: Parking,
  answer: AnswerWith<Answer>,
): Promise<ExitOutcome<Answer>> {
  const park: ItemChange = async (trx, item) => {
    if (item.state === 'unqueued') return 'unqueued';
    const refusal = refusalToTake(item, actor);
    if (refusal !== undefined) return refusal;
    if (await hasNewMail(trx, id, 'conversation', seenThrough)) return 'new-mail';
    await trx
      .updateTable('items')
      .set({
        state: 'parked',
        ...notClaimed,
        parkedBy: actor,
        parkedAt: sql`now()`,
        parkedUntil: until ?? null,
        parkReason: reason,
        assignedTo: actor,
        assignedUntil: until === undefined ? null : keptFrom(sql`${until}::timestamptz`),
      })
      .where('id', '=', id)
      .execute();
    const { accountId } = item;
    if (note !== undefined) {
      await addNote(trx, { itemId: id, accountId, author: actor, kind: 'parked', text: note, mentions: [] });
    }
    const details = { reason, ...(until && { until: until.toISOString() }) };
    await recordEvent(trx, { actor, name: 'item.parked', accountId, targetId: id, details });
    return undefined;
  };
  return await takeStep(db, id, answer, park, (trx) => holdCaptures(trx, id));
}

/** Puts a parked item back into its queue, for any agent. */
export async function unparkItem<Answer>(
  db: Database,
  id: string,
  actor: string,
  answer: AnswerWith<Answer>,
): Promise<ExitOutcome<Answer>> {
  return await takeStep(db, id, answer, async (trx, item) => {
    if (item.state === 'waiting') return undefined;
    if (item.state !== 'parked') return 'not-parked';
    await trx
      .updateTable('items')
      .set({ state: 'waiting', ...notParked, ...notAssigned })
      .where('id', '=', id)
      .execute();
    await recordEvent(trx, { actor, name: 'item.unparked', accountId: item.accountId, targetId: id });
    return undefined;
  });
}

/**
 * Wakes the items whose time has come. They count as waiting from that moment on without it (`isWaiting`): this is so
 * that open pages learn of it. Returns their number.
 */
export async function wakeParkedItems(db: Queryable): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('items')
    .set({ state: 'waiting', ...notParked })
    .where('state', '=', 'parked')
    .where('parkedUntil', '<=', sql<Date>`now()`)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** For the capture of a mail: wakes these parked items, each kept for who parked it. */
export async function wakeByMail(db: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('items')
    .set({ state: 'waiting', ...notParked, assignedUntil: keptFrom(sql`now()`) })
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('state', '=', 'parked')
    .execute();
}
