import { sql } from 'kysely';
import type { FailureType } from '../domain/failure.ts';
import { lookAroundEveryMs } from '../domain/schedule.ts';
import type { Queryable } from './database.ts';
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

/** A mailbox that may rest and had no mail for this long is looked at less often … */
const QUIET_AFTER_MINUTES = 60;
/** … by this factor: two minutes instead of 20 seconds. */
const QUIET_FACTOR = 6;
/** A request of a look. */
const REQUEST_TAKES_MS = 500;
/** The rest varies by this share, so that mailboxes that were due together drift apart. */
const LEAST_SHARE = 0.8;

/** When a watch that was looked at just now is due again. For a statement in which accounts and watches are named. */
export const nextDueAt = ({ pollMs, backstopMs }: WatchIntervals) => {
  // From the moment at which a mailbox is due to the one at which a look at it is written down: two rounds of the
  // watcher and a request. Taken off, so that nobody is staler than the interval; of a very short one, half is left.
  const lookTakesMs = 2 * lookAroundEveryMs(pollMs) + REQUEST_TAKES_MS;
  const until = (intervalMs: number) => Math.max(intervalMs - lookTakesMs, intervalMs / 2);
  return sql<Date>`
  now() + interval '1 millisecond' * (${LEAST_SHARE} + ${1 - LEAST_SHARE} * random()) * case
    when exists (
      select from subscriptions
      where subscriptions.account_id = watches.account_id
        and subscriptions.graph_id is not null and subscriptions.expires_at > now()
    ) then ${until(backstopMs)}::float8
    when accounts.rests_when_quiet and coalesce(watches.mail_at, accounts.authenticated_at)
      < now() - ${QUIET_AFTER_MINUTES} * interval '1 minute' then ${until(pollMs * QUIET_FACTOR)}::float8
    else ${until(pollMs)}::float8
  end`;
};

/** So long after a bell that nobody found mail for … */
const BELL_BELIEVED_SECONDS = 60;
/** … it is looked again: after two seconds, then three times as late each. */
const FIRST_LOOK_AFTER_BELL_SECONDS = 2;
const LATER_BY = 3;

/**
 * When a watch is due whose bell rang lately without any mail that was found since: delta may tell of a message a little
 * later than its bell. Null otherwise.
 */
export const dueAfterBell = sql<Date | null>`
  case when watches.rung_at > now() - ${BELL_BELIEVED_SECONDS} * interval '1 second'
    and watches.rung_at > coalesce(watches.mail_at, '-infinity')
  then now() + greatest(
    ${FIRST_LOOK_AFTER_BELL_SECONDS} * interval '1 second', ${LATER_BY} * (now() - watches.rung_at)
  ) end`;

/** An account whose mail is to be read at all. */
export const isRead = sql<boolean>`(accounts.enabled and accounts.sign_in = 'done' and accounts.removed_at is null)`;

/** An account whose mail could not be read is looked at after a while; its workflow sleeps until then. */
export async function watchAgain(db: Queryable, accountId: string, delayMs: number): Promise<void> {
  await sql`
    update watches set due_at = ${inMs(delayMs)} from accounts
    where accounts.id = watches.account_id and accounts.id = ${accountId} and ${isRead}
  `.execute(db);
}

/** All accounts that are hindered by this are due now. In the order of ids, as all who lock many of them. */
export async function wakeHindered(db: Queryable, hindrance: FailureType): Promise<void> {
  await sql`
    with hindered as (
      select watches.account_id from watches join accounts on accounts.id = watches.account_id
      where accounts.condition_type = ${hindrance} and watches.due_at < 'infinity'
      order by watches.account_id for update of watches
    )
    update watches set due_at = least(due_at, now()) from hindered where watches.account_id = hindered.account_id
  `.execute(db);
}

/** The database's time after so many milliseconds. */
export function inMs(delayMs: number) {
  return sql<Date>`now() + ${delayMs} * interval '1 millisecond'`;
}

/** Where watchers listen: something became due. Says nothing else, so that many of one moment arrive as one. */
export const DUE_CHANNEL = 'mailroom_due';

/**
 * Doorbells of these accounts rang: they are due, and the watchers are woken. A mailbox that is being drained is not: that
 * drain finds out at its end. Nor one that is not watched, as those of paused and removed accounts.
 */
export async function ringWatches(db: Queryable, accountIds: readonly string[]): Promise<void> {
  // In the order of ids: two processes that ring the same accounts never wait for each other crosswise.
  await sql`
    with read as (
      select watches.account_id from watches join accounts on accounts.id = watches.account_id
      where watches.account_id = any(${accountIds}::uuid[]) and ${isRead}
      order by watches.account_id for update of watches
    ), rung as (
      update watches set
        rung_at = clock_timestamp(),
        due_at = case when due_at < 'infinity' then least(due_at, now()) else due_at end
      from read where watches.account_id = read.account_id
      returning due_at
    )
    select pg_notify(${DUE_CHANNEL}, '') where exists (select from rung where due_at < 'infinity')
  `.execute(db);
}

/** What was looked at so lately needs no look again: several processes notice the end of one outage. */
const LOOKED_AT_LATELY_SECONDS = 15;

/**
 * Everything rings once: bells may have been refused while the database, or every API, was away. Mailboxes that are being
 * drained are looked at when that is over.
 */
export async function ringAll(db: Queryable): Promise<void> {
  await sql`
    with read as (
      select watches.account_id from watches join accounts on accounts.id = watches.account_id
      where ${isRead} and coalesce(watches.current_at, '-infinity') < now() - ${LOOKED_AT_LATELY_SECONDS} * interval '1 second'
      order by watches.account_id for update of watches
    ), rung as (
      update watches set
        rung_at = case when due_at < 'infinity' then rung_at else clock_timestamp() end,
        due_at = case when due_at < 'infinity' then least(due_at, now()) else due_at end
      from read where watches.account_id = read.account_id
      returning due_at
    )
    select pg_notify(${DUE_CHANNEL}, '') where exists (select from rung where due_at < 'infinity')
  `.execute(db);
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
    with resumed as (
      update watches set
        current_at = now(),
        not_before = '-infinity',
        mail_at = case when ${captured} then now() else watches.mail_at end,
        due_at = case when watches.rung_at >= ${startedAt} then now()
          else least(${nextDueAt(intervals)}, case when not ${captured} then ${dueAfterBell} end) end
      from accounts left join reconciliations on reconciliations.account_id = accounts.id
      where accounts.id = watches.account_id and accounts.id = ${accountId}
        and ${isRead}
      returning watches.due_at, ${reconciliationDueAt} as reconcile_due_at
    )
    select reconcile_due_at, case when due_at <= now() then pg_notify(${DUE_CHANNEL}, '') end from resumed
  `.execute(db);
  return rows[0]?.reconcileDueAt;
}
