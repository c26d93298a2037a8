import { sql } from 'kysely';
import type { DeltaTrouble } from '../../domain/delta-trouble.ts';
import { deltaRetryMs, FULL_MAILBOX_RETRY_MS, LIST_OVERLAP_MS } from '../../domain/schedule.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import { restartSince } from './cursors.ts';
import { requestReconciliation } from './reconciliations.ts';

/**
 * A mailbox in which lists of the inbox take the place of delta for a while: it is full, or Microsoft refuses delta,
 * fails at it, gives pages without end, or does not tell of what is there.
 */
export interface ListedMailbox {
  readonly reason: DeltaTrouble;
  /** Where the list goes on, by the mail server's clock. */
  readonly listFrom: Date;
  /** From when on mail of the account is captured, by the mail server's clock. */
  readonly captureFrom: Date | undefined;
  /** Delta is to be tried again. */
  readonly deltaIsDue: boolean;
}

/** The same trouble within a day of the last time goes on where it was: delta is trusted again later and later. */
const REMEMBERED_HOURS = 24;

/** Where the list goes on. For statements in which `accounts` and `full_mailboxes` are named. */
export const listFrom = sql<Date>`greatest(
  full_mailboxes.listed_until - ${LIST_OVERLAP_MS} * interval '1 millisecond',
  accounts.capture_from
)`;
export const deltaIsDue = sql<boolean>`full_mailboxes.delta_due_at <= now()`;
/** For statements into which `full_mailboxes` are left-joined. */
export const isListed = sql<boolean>`(full_mailboxes.account_id is not null and full_mailboxes.over_at is null)`;

/** Undefined while Microsoft tells of changes in the mailbox, as it usually does. */
export async function findListedMailbox(db: Queryable, accountId: string): Promise<ListedMailbox | undefined> {
  const row = await db
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
  return row && { ...row, captureFrom: row.captureFrom ?? undefined };
}

/**
 * Lets the list of the inbox take the place of delta, at first from the account's beginning on, because nobody knows what
 * delta had still to tell. Delta is tried again: a full mailbox hourly, anything else after a minute, then twice as late
 * each time. A walk that has no end, or that kept silent, is not gone on with; nor one that failed a second time.
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
    if (before?.isListed) {
      await trx.updateTable('fullMailboxes').set(trouble).where('accountId', '=', accountId).execute();
    } else {
      const listedUntil = sql<Date>`coalesce(capture_from, to_timestamp(0))`;
      await trx
        .insertInto('fullMailboxes')
        .columns(['accountId', 'listedUntil', 'since', 'deltaDueAt'])
        .expression((from) =>
          from
            .selectFrom('accounts')
            .where('id', '=', accountId)
            .select([
              'id',
              listedUntil.as('listedUntil'),
              sql<Date>`now()`.as('since'),
              trouble.deltaDueAt.as('deltaDueAt'),
            ]),
        )
        .onConflict((conflict) =>
          conflict.column('accountId').doUpdateSet({
            listedUntil: (select) => select.ref('excluded.listedUntil'),
            since: (select) => select.ref('excluded.since'),
          }),
        )
        .execute();
      await trx.updateTable('fullMailboxes').set(trouble).where('accountId', '=', accountId).execute();
    }
    if (!before?.isListed || before.reason !== reason) {
      if (reason === 'quota-exceeded')
        await recordEvent(trx, { actor: 'mailroom', name: 'account.mailbox-full', accountId });
      else {
        const details = { reason, code };
        await recordEvent(trx, { actor: 'mailroom', name: 'account.delta-set-aside', accountId, details });
        // What else it did not tell of is found by comparing.
        await requestReconciliation(trx, accountId);
      }
    }
    return (await findListedMailbox(trx, accountId)) as ListedMailbox;
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

/**
 * Where delta, which is due, is to begin a new walk instead of going on: from when on it is to tell of mail. Once for each
 * time that it was set aside. The first goes far back, so that it also tells of older mail that is moved into the inbox;
 * later ones begin where the list stands, and leave out what made the last one fail. Comparisons find the rest.
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

/** Delta works again: it reached the mailbox's end. */
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
