import { sql } from 'kysely';
import type { PlaceholderValues } from '../../domain/placeholders.ts';
import type { Queryable } from '../database.ts';

export interface CannedAnswer {
  readonly id: string;
  readonly name: string;
  /** HTML with placeholders such as `{{customer.name}}`. */
  readonly body: string;
  readonly updatedAt: Date;
}

const columns = ['id', 'name', 'body', 'updatedAt'] as const;

export async function listCannedAnswers(db: Queryable): Promise<readonly CannedAnswer[]> {
  return await db.selectFrom('cannedAnswers').select(columns).orderBy(sql`lower(name)`).execute();
}

type CannedText = Pick<CannedAnswer, 'name' | 'body'>;

/** Throws the unique violation of `canned_answers_name` when the name is taken. */
export async function addCannedAnswer(db: Queryable, actor: string, text: CannedText): Promise<CannedAnswer> {
  return await db
    .insertInto('cannedAnswers')
    .values({ ...text, updatedBy: actor })
    .returning(columns)
    .executeTakeFirstOrThrow();
}

/** Undefined when there is no such canned answer. Throws like `addCannedAnswer`. */
export async function changeCannedAnswer(
  db: Queryable,
  actor: string,
  id: string,
  text: CannedText,
): Promise<CannedAnswer | undefined> {
  return await db
    .updateTable('cannedAnswers')
    .set({ ...text, updatedBy: actor, updatedAt: sql<Date>`now()` })
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst();
}

/** False when there is no such canned answer. */
export async function removeCannedAnswer(db: Queryable, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('cannedAnswers').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function findPlaceholderValues(db: Queryable, itemId: string): Promise<PlaceholderValues | undefined> {
  const row = await db
    .selectFrom('items')
    .leftJoin('messages', 'messages.id', 'items.messageId')
    .select([
      'items.id as itemId',
      'messages.fromName as customerName',
      sql<string>`coalesce(subject, '')`.as('subject'),
    ])
    .where('items.id', '=', itemId)
    .executeTakeFirst();
  return row;
}
