import { sql } from 'kysely';
import { type MailboxPlace, mailboxPlace } from '../../domain/account-access.ts';
import type { Queryable } from '../database.ts';

/** A mailbox counts as current when its last page is written, a moment after that page was read. */
const READING_TAKES_SECONDS = 10;

export interface ReadMailbox extends MailboxPlace {
  readonly until: Date;
  readonly signInNumber: number;
}

/**
 * Until when the account's mailbox has certainly been read, by the mail server's clock in whole seconds, as it stamps
 * mail; never before the moment from which mail is captured. Undefined while nothing is captured.
 */
export async function findReadUntil(db: Queryable, accountId: string): Promise<ReadMailbox | undefined> {
  const row = await db
    .selectFrom('accounts')
    .leftJoin('watches', 'watches.accountId', 'accounts.id')
    .select([
      'address',
      'signInAs',
      'access',
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
  return { until, signInNumber, ...mailboxPlace(row) };
}

/**
 * How many captured messages of an account were received then or later. Those with content are counted by the index of
 * messages: an index of the whole ledger would cost each captured mail.
 */
export async function countCapturedSince(db: Queryable, accountId: string, since: Date): Promise<number> {
  const { rows } = await sql<{ captured: number }>`
    select (select count(*) from messages where account_id = ${accountId} and received_at >= ${since})
      + (
        select count(*) from captured
        where account_id = ${accountId} and received_at >= ${since} and content_deleted_at is not null
      ) as captured
  `.execute(db);
  return rows[0]?.captured ?? 0;
}
