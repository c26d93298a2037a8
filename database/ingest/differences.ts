import { sql } from 'kysely';
import type { DifferenceOutcome } from '../../domain/difference-outcome.ts';
import type { Queryable } from '../database.ts';

/** A message that a reconciliation found in the mailbox but not in the ledger, and its outcome. */
export interface Difference {
  readonly outcome: DifferenceOutcome;
  readonly receivedAt?: Date | undefined;
}

/** Records differences by the messages' ids. Call it in the transaction of the outcome. */
export async function recordDifferences(
  db: Queryable,
  accountId: string,
  differences: ReadonlyMap<string, Difference>,
): Promise<void> {
  if (differences.size === 0) return;
  await db
    .insertInto('differences')
    .values(
      [...differences].map(([graphId, { outcome, receivedAt }]) => ({
        accountId,
        graphId,
        outcome,
        receivedAt: receivedAt ?? null,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['accountId', 'graphId']).doUpdateSet({
        outcome: (select) => select.ref('excluded.outcome'),
        foundAt: sql`now()`,
        receivedAt: sql`coalesce(excluded.received_at, differences.received_at)`,
      }),
    )
    .execute();
}

export interface DifferenceView {
  readonly id: number;
  readonly foundAt: Date;
  /** Null while it could not be read. */
  readonly subject: string | null;
  readonly receivedAt: Date | null;
  readonly outcome: DifferenceOutcome;
  /** Captured in the end, even if its content was deleted since. */
  readonly isCaptured: boolean;
  /** The item of the message; null: not captured, or its content was deleted. */
  readonly itemId: string | null;
  /** Its place in quarantine; null: never quarantined, or captured since. */
  readonly quarantineId: string | null;
}

/** Differences of all reconciliations of an account, newest first. `before`: only differences older than this id. */
export async function listDifferences(
  db: Queryable,
  accountId: string,
  { limit, before }: { readonly limit: number; readonly before?: number | undefined },
): Promise<readonly DifferenceView[]> {
  return await db
    .selectFrom('differences')
    .leftJoin('captured', (join) =>
      join
        .onRef('captured.accountId', '=', 'differences.accountId')
        .onRef('captured.graphId', '=', 'differences.graphId'),
    )
    .leftJoin('messages', (join) =>
      join
        .onRef('messages.accountId', '=', 'differences.accountId')
        .onRef('messages.graphId', '=', 'differences.graphId'),
    )
    .leftJoin('items', 'items.messageId', 'messages.id')
    .leftJoin('quarantine', (join) =>
      join
        .onRef('quarantine.accountId', '=', 'differences.accountId')
        .onRef('quarantine.graphId', '=', 'differences.graphId')
        .on('quarantine.state', '<>', 'resolved'),
    )
    .where('differences.accountId', '=', accountId)
    .$if(before !== undefined, (query) => query.where('differences.id', '<', before as number))
    .select([
      'differences.id',
      'differences.foundAt',
      sql<string | null>`coalesce(messages.subject, quarantine.preview ->> 'subject')`.as('subject'),
      sql<Date | null>`coalesce(differences.received_at, captured.received_at)`.as('receivedAt'),
      'differences.outcome',
      sql<boolean>`captured.graph_id is not null`.as('isCaptured'),
      'items.id as itemId',
      'quarantine.id as quarantineId',
    ])
    .orderBy('differences.id', 'desc')
    .limit(limit)
    .execute();
}
