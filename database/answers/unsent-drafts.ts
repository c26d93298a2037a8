import { MAILROOM } from '../../domain/answer.ts';
import type { Queryable } from '../database.ts';

export interface UnsentDraft {
  readonly id: string;
  readonly author: string;
  readonly format: string;
  readonly body: string;
}

/** What people wrote in answer to these items and did not send, or what was not sent; by the items' ids. */
export async function unsentDrafts(
  db: Queryable,
  itemIds: readonly string[],
): Promise<ReadonlyMap<string, readonly UnsentDraft[]>> {
  if (itemIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('answers')
    .select(['id', 'itemId', 'author', 'format', 'body'])
    .where('itemId', 'in', itemIds)
    .where('state', 'in', ['draft', 'failed'])
    .where('author', '<>', MAILROOM)
    .orderBy('id')
    .execute();
  return Map.groupBy(rows, ({ itemId }) => itemId);
}
