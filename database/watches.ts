import { sql } from 'kysely';
import { clearConditions } from './account-conditions.ts';
import type { Queryable } from './database.ts';
import { deltaIsDue, listFrom } from './full-mailboxes.ts';
import { reconciliationDueAt } from './reconciliations.ts';

/**
 * When each mailbox is looked at next. `due_at` is finite only while the account's workflow waits: whoever lets the
 * account rest (a pause, a sign-in that is needed, a drain in trouble) sets it to infinity, and a drain that reached
 * the mailbox's end sets it to the next look.
 */

/** How often mailboxes are looked at, in milliseconds. */
export interface WatchIntervals {
  /** Without notifications. */
  readonly pollMs: number;
  /** With notifications, in case that one gets lost. */
  readonly backstopMs: number;
}

/** A mailbox that is to be looked at now. */
export interface DueWatch {
  readonly accountId: string;
  readonly address: string;
  readonly signInAs: string | null;
  readonly folder: string | null;
  /** Where the last look ended; null: the walk has no end yet, so only a drain can go on. */
  readonly link: string | null;
  readonly version: number | null;
  /** The mailbox is full: its list is looked at from here on, instead of delta. Null: it is not, or delta is due. */
  readonly listFrom: Date | null;
  readonly captureFrom: Date | null;
}

/**
 * A look that found nothing: the cursor that was looked from, and the link at which the next look begins. It moves only
 * if nobody moved it meanwhile, and not at all where the link is the same.
 */
export type QuietLook = Pick<DueWatch, 'accountId' | 'folder' | 'version' | 'link'>;

/** A mailbox that may rest and had no mail for this long is looked at less often … */
const QUIET_AFTER_MINUTES = 60;
/** … by this factor: two minutes instead of 20 seconds. */
const QUIET_FACTOR = 6;
/**
 * The next look is at 75 to 95 percent of the interval. Less than all of it, because a look itself takes time and
 * nobody shall be staler than the interval; spread, so that mailboxes that were due together drift apart.
 */
const SPREAD = { least: 0.75, most: 0.95 } as const;

/** When a watch that was looked at just now is due again. For a statement in which accounts and watches are named. */
const nextDueAt = ({ pollMs, backstopMs }: WatchIntervals) => sql<Date>`
  now() + interval '1 millisecond' * (${SPREAD.least} + ${SPREAD.most - SPREAD.least} * random()) * case
    when exists (
      select from subscriptions
      where subscriptions.account_id = watches.account_id
        and subscriptions.graph_id is not null and subscriptions.expires_at > now()
    ) then ${backstopMs}::float8
    when accounts.rests_when_quiet and coalesce(watches.mail_at, accounts.authenticated_at)
      < now() - ${QUIET_AFTER_MINUTES} * interval '1 minute' then ${pollMs * QUIET_FACTOR}::float8
    else ${pollMs}::float8
  end`;

/**
 * Takes mailboxes that are due, the longest overdue first, and sets their next look: many watchers may ask at once, and
 * none gets what another has. One that dies leaves its mailboxes to the next interval.
 */
export async function leaseDueWatches(
  db: Queryable,
  intervals: WatchIntervals,
  limit: number,
): Promise<readonly DueWatch[]> {
  const { rows } = await sql<DueWatch>`
    with due as (
      select account_id from watches where due_at <= now() order by due_at limit ${limit} for update skip locked
    )
    update watches set due_at = ${nextDueAt(intervals)}
    from due
      join accounts on accounts.id = due.account_id
      left join cursors on cursors.account_id = due.account_id and cursors.complete
      left join full_mailboxes on full_mailboxes.account_id = due.account_id and not ${deltaIsDue}
    where watches.account_id = due.account_id
    returning watches.account_id, accounts.address, accounts.sign_in_as, cursors.folder, cursors.link, cursors.version,
      accounts.capture_from, case when full_mailboxes.account_id is not null then ${listFrom} end as list_from
  `.execute(db);
  return rows;
}

/** Writes down looks that found nothing: the mailboxes are proved current, and their cursors move to the newer links. */
export async function confirmQuiet(db: Queryable, looks: readonly QuietLook[]): Promise<void> {
  if (looks.length === 0) return;
  const column = <Key extends keyof QuietLook>(key: Key) => looks.map((look) => look[key]);
  await sql`
    with looks as (
      select * from unnest(
        ${column('accountId')}::uuid[], ${column('folder')}::text[], ${column('version')}::bigint[],
        ${column('link')}::text[]
      ) as look (account_id, folder, version, link)
    ), moved as (
      update cursors set link = looks.link, version = cursors.version + 1, updated_at = now()
      from looks
      where cursors.account_id = looks.account_id and cursors.folder = looks.folder
        and cursors.version = looks.version and cursors.link <> looks.link
    )
    update watches set current_at = now() from looks where watches.account_id = looks.account_id
  `.execute(db);
  await clearConditions(
    db,
    looks.map(({ accountId }) => accountId),
  );
}

/** Microsoft asks to wait: the next look is not before that, and not before it would be anyway. */
export async function postponeWatch(db: Queryable, accountId: string, delayMs: number): Promise<void> {
  await db
    .updateTable('watches')
    .set({ dueAt: sql<Date>`greatest(due_at, now() + ${delayMs} * interval '1 millisecond')` })
    .where('accountId', '=', accountId)
    .execute();
}

/** Long enough for the doorbell's signal to make the look superfluous, short enough for whom it got lost. */
const LOOK_AFTER_DOORBELL_MS = 2_000;

/**
 * Doorbells of these accounts rang: they are due soon, whatever becomes of the signal. Returns those that are watched;
 * a paused or removed account is not.
 */
export async function ringWatches(
  db: Queryable,
  accountIds: readonly string[],
): Promise<readonly { readonly id: string; readonly address: string }[]> {
  // In the order of ids: two processes that ring the same accounts never wait for each other crosswise.
  const { rows } = await sql<{ id: string; address: string }>`
    with rung as (
      select watches.account_id, accounts.address from watches join accounts on accounts.id = watches.account_id
      where watches.account_id = any(${accountIds}::uuid[])
        and accounts.enabled and accounts.sign_in = 'done' and accounts.removed_at is null
      order by watches.account_id for update of watches
    )
    update watches set
      rung_at = clock_timestamp(),
      due_at = least(watches.due_at, now() + ${LOOK_AFTER_DOORBELL_MS} * interval '1 millisecond')
    from rung where watches.account_id = rung.account_id
    returning rung.account_id as id, rung.address
  `.execute(db);
  return rows;
}

/** Nobody looks until a drain reached the mailbox's end. Makes the watch where there is none. */
export async function suspendWatch(db: Queryable, accountId: string): Promise<void> {
  await db
    .insertInto('watches')
    .values({ accountId, dueAt: sql<Date>`'infinity'` })
    .onConflict((conflict) => conflict.column('accountId').doUpdateSet({ dueAt: sql<Date>`'infinity'` }))
    .execute();
}

/**
 * A drain that began at `startedAt` (by the database's clock) reached the mailbox's end. When a doorbell rang since
 * then, the mailbox is due at once: that message may have come too late for the drain. Returns when mailbox and ledger
 * are to be compared; undefined when the account is not to be read any more.
 */
export async function resumeWatch(
  db: Queryable,
  accountId: string,
  { startedAt, captured, intervals }: { startedAt: Date; captured: boolean; intervals: WatchIntervals },
): Promise<Date | undefined> {
  const { rows } = await sql<{ reconcileDueAt: Date }>`
    update watches set
      current_at = now(),
      mail_at = case when ${captured} then now() else watches.mail_at end,
      due_at = case when watches.rung_at >= ${startedAt} then now() else ${nextDueAt(intervals)} end
    from accounts left join reconciliations on reconciliations.account_id = accounts.id
    where accounts.id = watches.account_id and accounts.id = ${accountId}
      and accounts.enabled and accounts.sign_in = 'done' and accounts.removed_at is null
    returning ${reconciliationDueAt} as reconcile_due_at
  `.execute(db);
  return rows[0]?.reconcileDueAt;
}
