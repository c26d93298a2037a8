import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/** Which of these messages of the account are captured already. */
export async function findKnownMessages(
  db: Queryable,
  accountId: string,
  graphIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (graphIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('messages')
    .select('graphId')
    .where('accountId', '=', accountId)
    .where('graphId', '=', sql<string>`any(${graphIds})`)
    .execute();
  return new Set(rows.map(({ graphId }) => graphId));
}
