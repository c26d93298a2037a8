import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/** A mailbox counts as current when its last page is written, a moment after that page was read. */
const READING_TAKES_SECONDS = 10;

export interface ReadMailbox {
  readonly until: Date;
  readonly signInNumber: number;
  /** Undefined: the mailbox is that of who signed in. */
  readonly sharedAddress: string | undefined;
}

/**
 * Until when the mailbox of an account was read for sure, by the mail server's clock in whole seconds, as it stamps mail;
 * never before the moment from which mail is captured. Undefined while nothing is captured.
 */
export async function findReadUntil(db: Queryable, accountId: string): Promise<ReadMailbox | undefined> {
  const row = await db
    .selectFrom('accounts')
    .leftJoin('watches', 'watches.accountId', 'accounts.id')
    .select([
      'address',
      'signInAs',
      'signInNumber',
      sql<Date | null>`greatest(
        capture_from,
        date_trunc(
          'second',
          current_at + clock_skew_ms * interval '1 millisecond' - ${READING_TAKES_SECONDS} * interval '1 second'
        )
      )`.as('until'),
    ])
    .where('accounts.id', '=', accountId)
    .where('captureFrom', 'is not', null)
    .executeTakeFirst();
  if (!row?.until) return undefined;
  const { until, signInNumber } = row;
  return { until, signInNumber, sharedAddress: row.signInAs === null ? undefined : row.address };
}

/** How many messages of an account are captured that were received then or later. */
export async function countCapturedSince(db: Queryable, accountId: string, since: Date): Promise<number> {
  const { captured } = await db
    .selectFrom('messages')
    .where('accountId', '=', accountId)
    .where('receivedAt', '>=', since)
    .select((select) => select.fn.countAll<number>().as('captured'))
    .executeTakeFirstOrThrow();
  return captured;
}
