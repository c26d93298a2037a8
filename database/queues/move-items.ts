import { sql, type Transaction } from 'kysely';
import { recordEvent } from '../accounts/events.ts';
import type { Database } from '../database.ts';
import { seesQueue } from '../people/reach.ts';
import type { Schema } from '../schema.ts';
import { addNote } from './item-notes.ts';
import { notClaimed, notParked } from './item-state.ts';
import { type AnswerWith, type ExitOutcome, refusalToTake, takeStep } from './item-step.ts';

export interface Move {
  readonly actor: string;
  /** True: also out of another agent's hands. */
  readonly supervises: boolean;
  /** Undefined: the queue stays. */
  readonly queueId: string | undefined;
  /** A user that the item is kept for; undefined: any agent of the queue. */
  readonly personId: string | undefined;
  readonly note: string | undefined;
}

/**
 * Moves an open item to another queue, to a person, or both: it waits there, with what is joined to it. Also an item that
 * is in no queue.
 */
export async function moveItem<Answer>(
  db: Database,
  id: string,
  { actor, supervises, queueId, personId, note }: Move,
  answer: AnswerWith<Answer>,
): Promise<ExitOutcome<Answer>> {
  return await takeStep(db, id, answer, async (trx, item) => {
    const refusal = refusalToTake(item, actor, supervises);
    if (refusal !== undefined) return refusal;
    if (queueId === undefined && item.state === 'unqueued') return 'unqueued';
    if (queueId !== undefined && !(await lockQueue(trx, queueId))) return 'no-such-queue';
    if (personId !== undefined) {
      const colleague = await findColleague(trx, personId, queueId ?? item.queueId);
      if (!colleague) return 'no-such-person';
      if (!colleague.seesQueue) return 'person-without-queue';
    }
    const isOtherQueue = queueId !== undefined && queueId !== item.queueId;
    await trx
      .updateTable('items')
      .set({
        state: 'waiting',
        ...notClaimed,
        ...notParked,
        assignedTo: personId === undefined ? null : `user:${personId}`,
        assignedUntil: null,
        ...(isOtherQueue && { queueId, movedBy: actor, movedAt: sql`now()` }),
      })
      .where('id', '=', id)
      .execute();
    if (isOtherQueue) await trx.updateTable('items').set({ queueId }).where('joinedTo', '=', id).execute();
    const { accountId } = item;
    if (note !== undefined) {
      const mentions = personId === undefined ? [] : [personId];
      await addNote(trx, { itemId: id, accountId, author: actor, kind: 'moved', text: note, mentions });
    }
    const details = {
      ...(isOtherQueue && { from: item.queueId, to: queueId }),
      ...(personId !== undefined && { person: personId }),
      ...(item.isHeld && item.claimedBy !== actor && { claimedBy: item.claimedBy }),
    };
    await recordEvent(trx, { actor, name: 'item.moved', accountId, targetId: id, details });
    return undefined;
  });
}

/** The share lock prevents the queue's removal. */
async function lockQueue(trx: Transaction<Schema>, id: string): Promise<boolean> {
  const queue = await trx
    .selectFrom('queues')
    .select('id')
    .where('id', '=', id)
    .where('removedAt', 'is', null)
    .forShare()
    .executeTakeFirst();
  return queue !== undefined;
}

async function findColleague(trx: Transaction<Schema>, id: string, queueId: string | null) {
  return await trx
    .selectFrom('users')
    .select(seesQueue(queueId).as('seesQueue'))
    .where('id', '=', id)
    .where('enabled', '=', true)
    .executeTakeFirst();
}

/** Takes a mail out of the item that it is worked with: it waits by itself. */
export async function separateItem<Answer>(
  db: Database,
  id: string,
  actor: string,
  answer: AnswerWith<Answer>,
): Promise<ExitOutcome<Answer>> {
  return await takeStep(db, id, answer, async (trx, item) => {
    if (item.state !== 'joined') return 'not-joined';
    await trx.updateTable('items').set({ state: 'waiting', joinedTo: null }).where('id', '=', id).execute();
    const { accountId, joinedTo } = item;
    await recordEvent(trx, { actor, name: 'item.separated', accountId, targetId: id, details: { from: joinedTo } });
    return undefined;
  });
}
