import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/** Which of these messages of the account are in the ledger: captured, or in quarantine with the reason why not. */
export async function findInLedger(
  db: Queryable,
  accountId: string,
  graphIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (graphIds.length === 0) return new Set();
  const { rows } = await sql<{ graphId: string }>`
    select graph_id from messages where account_id = ${accountId} and graph_id = any(${graphIds})
    union
    select graph_id from quarantine where account_id = ${accountId} and graph_id = any(${graphIds})
  `.execute(db);
  return new Set(rows.map(({ graphId }) => graphId));
}

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
