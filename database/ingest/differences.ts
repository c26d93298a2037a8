import { sql } from 'kysely';
import type { DifferenceOutcome } from '../../domain/difference-outcome.ts';
import type { Queryable } from '../database.ts';

/** A message that a comparison found in the mailbox, but not in the ledger, and what became of it. */
export interface Difference {
  readonly outcome: DifferenceOutcome;
  readonly receivedAt?: Date | undefined;
}

/** Remembers differences by the messages' ids. To be called in the transaction that makes the outcome true. */
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
  /** Captured at last, also where its content was deleted since. */
  readonly isCaptured: boolean;
  /** The item that was made of the message; null: it was not captured, or its content was deleted. */
  readonly itemId: string | null;
  /** Where it is in quarantine; null: it never was, or is captured after all. */
  readonly quarantineId: string | null;
}

/** The differences of all comparisons of an account, newest first. `before` is the id of one: only older ones. */
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
