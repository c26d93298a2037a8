import { type SqlBool, sql } from 'kysely';
import { dueAt } from '../../domain/queue-target.ts';
import type { Queryable } from '../database.ts';
import { isAnswered, isKeptFromOthers, isWaiting } from './item-state.ts';

/** Which of a queue's items is given out first: the oldest of those that are answered, or of those that are not. */
export type First = 'unanswered' | 'answered';

/**
 * The order of a queue (decision 63): the item that is due first; in a queue without a target, and where nothing is due,
 * the oldest one that has no answer, and those with an answer after all others.
 */
export async function findFirst(db: Queryable, queueId: string, holder: string): Promise<First> {
  const oldest = (which: First) =>
    db
      .selectFrom('items')
      .select('receivedAt')
      .where('queueId', '=', queueId)
      .where('state', '<>', 'completed')
      .where(isWaiting)
      .where(isOf[which])
      .where(sql<boolean>`not ${isKeptFromOthers(holder)}`)
      .orderBy('receivedAt')
      .limit(1);
  const queue = await db
    .selectFrom('queues')
    .select('target')
    .select([oldest('unanswered').as('unanswered'), oldest('answered').as('answered')])
    .where('id', '=', queueId)
    .executeTakeFirst();
  if (!queue?.answered || !queue.unanswered) return 'unanswered';
  const answeredDue = dueAt(queue.target, queue.answered, true);
  const unansweredDue = dueAt(queue.target, queue.unanswered, false);
  return answeredDue && unansweredDue && answeredDue < unansweredDue ? 'answered' : 'unanswered';
}

export const isOf: Readonly<Record<First, ReturnType<typeof sql<SqlBool>>>> = {
  unanswered: sql<SqlBool>`not ${isAnswered}`,
  answered: isAnswered,
};
