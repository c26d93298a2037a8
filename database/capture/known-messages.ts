import { sql } from 'kysely';
import type { Queryable } from '../database.ts';

/** The captured ones of these messages of the account, by their ids, and by others under which they came again. */
const captured = (accountId: string, graphIds: readonly string[]) => sql`
  select graph_id, true as is_captured from captured where account_id = ${accountId} and graph_id = any(${graphIds})
  union all
  select graph_id, true from copies where account_id = ${accountId} and graph_id = any(${graphIds})`;

/**
 * Which of these messages of the account are in the ledger: true if captured, even if the content was deleted since;
 * false if in quarantine, which has the reason.
 */
export async function findInLedger(
  db: Queryable,
  accountId: string,
  graphIds: readonly string[],
): Promise<ReadonlyMap<string, boolean>> {
  if (graphIds.length === 0) return new Map();
  const { rows } = await sql<{ graphId: string; isCaptured: boolean }>`
    select graph_id, bool_or(is_captured) as is_captured from (
      ${captured(accountId, graphIds)}
      union all
      select graph_id, state = 'resolved' from quarantine
      where account_id = ${accountId} and graph_id = any(${graphIds})
    ) ledger group by graph_id
  `.execute(db);
  return new Map(rows.map(({ graphId, isCaptured }) => [graphId, isCaptured]));
}

/** Which of these messages of the account were captured before, under this id or another. */
export async function findKnownMessages(
  db: Queryable,
  accountId: string,
  graphIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (graphIds.length === 0) return new Set();
  const { rows } = await sql<{ graphId: string }>`${captured(accountId, graphIds)}`.execute(db);
  return new Set(rows.map(({ graphId }) => graphId));
}
