import { sql } from 'kysely';
import type { DeltaTrouble } from '../../domain/delta-trouble.ts';
import { deltaRetryMs, FULL_MAILBOX_RETRY_MS, LIST_OVERLAP_MS } from '../../domain/schedule.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import { restartSince } from './cursors.ts';
import { requestReconciliation } from './reconciliations.ts';

/**
 * A mailbox for which lists of the inbox temporarily replace delta: it is full, or Microsoft refuses delta, fails at
 * it, returns endless pages, or misses existing mail.
 */
export interface ListedMailbox {
  readonly reason: DeltaTrouble;
  /** Where the list continues, by the mail server's clock. */
  readonly listFrom: Date;
  /** The account's mail is captured from here on, by the mail server's clock. */
  readonly captureFrom: Date | null;
  /** Delta is due for another try. */
  readonly deltaIsDue: boolean;
}

/** The same trouble within a day continues the count of failures: delta is trusted again later and later. */
const REMEMBERED_HOURS = 24;

/** Where the list continues. For statements with `accounts` and `full_mailboxes`. */
export const listFrom = sql<Date>`greatest(
  full_mailboxes.listed_until - ${LIST_OVERLAP_MS} * interval '1 millisecond',
  accounts.capture_from
)`;
export const deltaIsDue = sql<boolean>`full_mailboxes.delta_due_at <= now()`;
/** For statements that left-join `full_mailboxes`. */
export const isListed = sql<boolean>`(full_mailboxes.account_id is not null and full_mailboxes.over_at is null)`;

/** Undefined while delta works, as it usually does. */
export async function findListedMailbox(db: Queryable, accountId: string): Promise<ListedMailbox | undefined> {
  return await db
    .selectFrom('fullMailboxes')
    .innerJoin('accounts', 'accounts.id', 'fullMailboxes.accountId')
    .where('accounts.id', '=', accountId)
    .where('overAt', 'is', null)
    .select([
      sql<DeltaTrouble>`reason`.as('reason'),
      listFrom.as('listFrom'),
      deltaIsDue.as('deltaIsDue'),
      'captureFrom',
    ])
    .executeTakeFirst();
}

/**
 * Replaces delta by the list of the inbox, at first from the account's beginning, because what delta has missed is
 * unknown. Delta is tried again: for a full mailbox hourly, otherwise after a minute, then with doubled pauses. A walk
 * that has no end or misses mail is not continued; nor is one that failed a second time.
 */
export async function readByList(
  db: Database,
  accountId: string,
  { reason, code }: { readonly reason: DeltaTrouble; readonly code?: string | undefined },
): Promise<ListedMailbox> {
  return await db.transaction().execute(async (trx) => {
    const before = await trx
      .selectFrom('fullMailboxes')
      .where('accountId', '=', accountId)
      .select([
        'reason',
        'failures',
        sql<boolean>`over_at is null`.as('isListed'),
        sql<boolean>`coalesce(over_at > now() - ${REMEMBERED_HOURS} * interval '1 hour', true)`.as('isRemembered'),
      ])
      .forUpdate()
      .executeTakeFirst();
    const failures = before?.isRemembered ? before.failures + 1 : 1;
    const retryMs = reason === 'quota-exceeded' ? FULL_MAILBOX_RETRY_MS : deltaRetryMs(failures);
    const trouble = {
      reason,
      code: code ?? null,
      failures,
      restarts: reason === 'walk-endless' || reason === 'delta-silent' || (reason !== 'quota-exceeded' && failures > 1),
      overAt: null,
      deltaDueAt:
        reason === 'delta-not-offered'
          ? sql<Date>`'infinity'`
          : sql<Date>`now() + ${retryMs} * interval '1 millisecond'`,
    };
    const beginning = {
      listedUntil: sql<Date>`(select coalesce(capture_from, to_timestamp(0)) from accounts where id = ${accountId})`,
      since: sql<Date>`now()`,
    };
    await trx
      .insertInto('fullMailboxes')
      .values({ accountId, ...trouble, ...beginning })
      .onConflict((conflict) =>
        conflict.column('accountId').doUpdateSet(before?.isListed ? trouble : { ...trouble, ...beginning }),
      )
      .execute();
    if (!before?.isListed || before.reason !== reason) {
      if (reason === 'quota-exceeded')
        await recordEvent(trx, { actor: 'mailroom', name: 'account.mailbox-full', accountId });
      else {
        const details = { reason, code };
        await recordEvent(trx, { actor: 'mailroom', name: 'account.delta-set-aside', accountId, details });
        // A reconciliation finds the other mail that delta missed.
        await requestReconciliation(trx, accountId);
      }
    }
    return (await findListedMailbox(trx, accountId)) as ListedMailbox;
  });
}

/** The list was read and its mail captured, up to mail of this time. */
export async function advanceList(db: Queryable, accountId: string, listedUntil: Date): Promise<void> {
  await db
    .updateTable('fullMailboxes')
    .set({ listedUntil: sql`greatest(listed_until, least(now(), ${listedUntil}::timestamptz))` })
    .where('accountId', '=', accountId)
    .execute();
}

/**
 * Where a due try of delta starts a new walk instead of continuing the old one: only mail since then is requested. Once
 * for each time that delta was set aside. The first walk goes far back, so that it also returns older mail that is
 * moved into the inbox; later ones start where the list stands, and leave out what made the last one fail.
 * Reconciliations find the rest.
 */
export async function takeRestart(db: Queryable, accountId: string): Promise<Date | 'captured' | undefined> {
  const row = await db
    .updateTable('fullMailboxes')
    .from('accounts')
    .set({ restarts: false })
    .whereRef('accounts.id', '=', 'fullMailboxes.accountId')
    .where('accountId', '=', accountId)
    .where('restarts', '=', true)
    .returning(sql<Date | null>`case when failures > 1 then ${listFrom} else ${restartSince} end`.as('since'))
    .executeTakeFirst();
  return row && (row.since ?? 'captured');
}

/** Delta works again: a walk reached the end of the mailbox. */
export async function trustDelta(db: Database, accountId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable('fullMailboxes')
      .set({ overAt: sql`now()` })
      .where('accountId', '=', accountId)
      .where('overAt', 'is', null)
      .returning('reason')
      .executeTakeFirst();
    if (!row) return;
    const name = row.reason === 'quota-exceeded' ? 'account.mailbox-has-room' : 'account.delta-resumed';
    await recordEvent(trx, { actor: 'mailroom', name, accountId });
  });
}
