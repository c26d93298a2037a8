import { sql } from 'kysely';
import { FULL_MAILBOX_RETRY_MS, LIST_OVERLAP_MS } from '../domain/schedule.ts';
import type { Database, Queryable } from './database.ts';
import { recordEvent } from './events.ts';

/** A mailbox over its quota: Microsoft refuses delta, and lists of the inbox take its place. */
export interface FullMailbox {
  /** Where the list goes on, by the mail server's clock. */
  readonly listFrom: Date;
  /** From when on mail of the account is captured, by the mail server's clock. */
  readonly captureFrom: Date | undefined;
  /** Delta is to be tried again. */
  readonly deltaIsDue: boolean;
}

/** Where the list of a full mailbox goes on. For statements in which `accounts` and `full_mailboxes` are named. */
export const listFrom = sql<Date>`greatest(
  full_mailboxes.listed_until - ${LIST_OVERLAP_MS} * interval '1 millisecond',
  accounts.capture_from
)`;
export const deltaIsDue = sql<boolean>`full_mailboxes.delta_due_at <= now()`;

/** Undefined while Microsoft tells of changes in the mailbox, as it usually does. */
export async function findFullMailbox(db: Queryable, accountId: string): Promise<FullMailbox | undefined> {
  const row = await db
    .selectFrom('fullMailboxes')
    .innerJoin('accounts', 'accounts.id', 'fullMailboxes.accountId')
    .where('accounts.id', '=', accountId)
    .select([listFrom.as('listFrom'), deltaIsDue.as('deltaIsDue'), 'captureFrom'])
    .executeTakeFirst();
  return row && { ...row, captureFrom: row.captureFrom ?? undefined };
}

/**
 * Microsoft refused delta because the mailbox is full: its list takes the place of delta, at first from the account's
 * beginning on, because nobody knows what delta had still to tell.
 */
export async function recordFullMailbox(db: Database, accountId: string): Promise<FullMailbox> {
  return await db.transaction().execute(async (trx) => {
    const deltaDueAt = sql<Date>`now() + ${FULL_MAILBOX_RETRY_MS} * interval '1 millisecond'`;
    const { numUpdatedRows } = await trx
      .updateTable('fullMailboxes')
      .set({ deltaDueAt })
      .where('accountId', '=', accountId)
      .executeTakeFirst();
    const isNew = numUpdatedRows === 0n;
    if (isNew) {
      await trx
        .insertInto('fullMailboxes')
        .columns(['accountId', 'listedUntil', 'deltaDueAt'])
        .expression((from) =>
          from
            .selectFrom('accounts')
            .where('id', '=', accountId)
            .select([
              'id',
              sql<Date>`coalesce(capture_from, to_timestamp(0))`.as('listedUntil'),
              deltaDueAt.as('deltaDueAt'),
            ]),
        )
        .execute();
      await recordEvent(trx, { actor: 'mailroom', name: 'account.mailbox-full', accountId });
    }
    return (await findFullMailbox(trx, accountId)) as FullMailbox;
  });
}

/** The list was read, and what is in it captured, up to mail of this time. */
export async function advanceList(db: Queryable, accountId: string, listedUntil: Date): Promise<void> {
  await db
    .updateTable('fullMailboxes')
    .set({ listedUntil: sql`greatest(listed_until, ${listedUntil}::timestamptz)` })
    .where('accountId', '=', accountId)
    .execute();
}

/** Delta works again. */
export async function forgetFullMailbox(db: Database, accountId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { numDeletedRows } = await trx
      .deleteFrom('fullMailboxes')
      .where('accountId', '=', accountId)
      .executeTakeFirst();
    if (numDeletedRows > 0n) await recordEvent(trx, { actor: 'mailroom', name: 'account.mailbox-has-room', accountId });
  });
}
