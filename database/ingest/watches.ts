import { type RawBuilder, sql } from 'kysely';
import type { FailureType } from '../../domain/failure.ts';
import { settleEveryMs } from '../../domain/schedule.ts';
import { type PollingEvent, stateAfter, type WatchEvent } from '../../domain/watch-state.ts';
import { arrayParameter } from '../array-parameter.ts';
import type { Queryable } from '../database.ts';
import { reconciliationDueAt } from './reconciliations.ts';

/**
 * Who reads each mailbox, and when its next poll is due. All changes of a watch's state are written here, by the state
 * machine of `domain/watch-state.ts`; `due_at` is finite only in the state `polling`.
 */

/** Intervals between polls, in milliseconds. */
export interface WatchIntervals {
  /** Without notifications. */
  readonly pollMs: number;
  /** With notifications, in case one is lost. */
  readonly backstopMs: number;
}

/** A mailbox that may rest and had no mail for this long is polled less often … */
const QUIET_AFTER_MINUTES = 60;
/** … by this factor: two minutes instead of 20 seconds. */
const QUIET_FACTOR = 6;
/** The request of a poll. */
const REQUEST_TAKES_MS = 500;
/** Random variation of the interval, so that mailboxes that were due together drift apart. */
const LEAST_SHARE = 0.8;

/** The next poll of a watch that was polled just now. For a statement with accounts and watches. */
export const nextDueAt = ({ pollMs, backstopMs }: WatchIntervals) => {
  // The time from when a mailbox is due to when its poll is settled: two rounds of the reader and a request.
  // Subtracted, so that no mailbox is staler than the interval; half of a very short interval is kept.
  const pollTakesMs = 2 * settleEveryMs(pollMs) + REQUEST_TAKES_MS;
  const until = (intervalMs: number) => Math.max(intervalMs - pollTakesMs, intervalMs / 2);
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

/** For so long after a notification without mail … */
const NOTIFICATION_TRUSTED_SECONDS = 60;
/** … the mailbox is polled again: after two seconds, then with tripled pauses. */
const FIRST_POLL_AFTER_NOTIFICATION_SECONDS = 2;
const LATER_BY = 3;

/**
 * The next poll of a watch whose last notification is recent and has brought no mail: delta may return a message a
 * little later than its notification. Null otherwise.
 */
export const dueAfterNotification = sql<Date | null>`
  case when watches.rung_at > now() - ${NOTIFICATION_TRUSTED_SECONDS} * interval '1 second'
    and watches.rung_at > coalesce(watches.mail_at, '-infinity')
  then now() + greatest(
    ${FIRST_POLL_AFTER_NOTIFICATION_SECONDS} * interval '1 second', ${LATER_BY} * (now() - watches.rung_at)
  ) end`;

/** The account's mail is to be read. */
export const isRead = sql<boolean>`(accounts.enabled and accounts.sign_in = 'done' and accounts.removed_at is null)`;

/** The columns that an event sets, for events after which the watch is not polled. */
export const afterEvent = (event: Exclude<WatchEvent, PollingEvent>) =>
  sql`state = ${stateAfter[event]}, due_at = 'infinity'`;

/** Lets the reader poll an account after so many milliseconds, if its mail is to be read. */
export async function pollAfter(
  db: Queryable,
  accountId: string,
  { event, delayMs }: { readonly event: PollingEvent; readonly delayMs: number },
): Promise<void> {
  await sql`
    with moved as (
      update watches set state = ${stateAfter[event]}, due_at = ${inMs(delayMs)} from accounts
      where accounts.id = watches.account_id and accounts.id = ${accountId} and ${isRead}
      returning account_id
    )
    select ${notifyReader(sql.ref('account_id'))} from moved
  `.execute(db);
}

/** Takes an account from its reader. Creates the watch if missing. */
export async function stopPolling(
  db: Queryable,
  accountId: string,
  event: Exclude<WatchEvent, PollingEvent>,
): Promise<void> {
  await sql`
    insert into watches (account_id, state) values (${accountId}, ${stateAfter[event]})
    on conflict (account_id) do update set ${afterEvent(event)}
  `.execute(db);
}

/** Polls all accounts with this condition now. */
export async function pollAgainAfter(db: Queryable, type: FailureType): Promise<void> {
  await makeDue(db, sql`accounts.condition_type = ${type} and watches.state = 'polling'`, sql`rung_at`);
}

/** The database's time after so many milliseconds. */
export function inMs(delayMs: number) {
  return sql<Date>`now() + ${delayMs} * interval '1 millisecond'`;
}

/** One channel per slot of accounts, so that a notification wakes only the reader whose share holds it. */
export const readerChannel = (slot: number) => `mailroom_reader_${slot}`;

/** Wakes the reader of an account. The id is the payload: the reader polls only that mailbox. */
const notifyReader = (accountId: RawBuilder<unknown>) =>
  sql`pg_notify('mailroom_reader_' || ${slotOf(accountId)}, ${accountId}::text)`;

/** The slot of an account, as in `domain/reader-share.ts`. */
export const slotOf = (accountId: RawBuilder<unknown>) => sql<number>`get_byte(uuid_send(${accountId}), 15)`;

/**
 * Makes watches due and wakes their readers. One that is being drained does not become due; its drain checks for
 * notifications at its end. Locks in the order of ids, so that two processes with the same accounts do not deadlock.
 */
async function makeDue(db: Queryable, which: RawBuilder<unknown>, rungAt: RawBuilder<unknown>): Promise<void> {
  await sql`
    with chosen as (
      select watches.account_id from watches join accounts on accounts.id = watches.account_id
      where ${which} order by watches.account_id for update of watches
    ), rung as (
      update watches set
        rung_at = ${rungAt}, due_at = case when state = 'polling' then least(due_at, now()) else due_at end
      from chosen where watches.account_id = chosen.account_id
      returning watches.account_id, state
    )
    select ${notifyReader(sql.ref('account_id'))} from rung where state = 'polling'
  `.execute(db);
}

/**
 * Notifications arrived for these accounts: they become due. Accounts that are not read, such as disabled and removed
 * ones, are ignored.
 */
export async function noteNotifications(db: Queryable, accountIds: readonly string[]): Promise<void> {
  const theirs = sql`watches.account_id = any(${arrayParameter(accountIds, 'uuid')})`;
  await makeDue(db, sql`${theirs} and ${isRead}`, sql`clock_timestamp()`);
}

/** A mailbox polled so recently is skipped: several processes notice the end of one outage. */
const LOOKED_AT_LATELY_SECONDS = 15;

/**
 * Makes every mailbox due once: notifications may have been refused while the database, or every API, was away.
 * Mailboxes that are being drained are polled after that.
 */
export async function pollAllOnce(db: Queryable): Promise<void> {
  const isOld = sql`coalesce(watches.current_at, '-infinity') < now() - ${LOOKED_AT_LATELY_SECONDS} * interval '1 second'`;
  const afterDrain = sql`case when state = 'polling' then rung_at else clock_timestamp() end`;
  await makeDue(db, sql`${isRead} and ${isOld}`, afterDrain);
}

/**
 * A drain that began at `startedAt` (by the database's clock) reached the end of the mailbox. After a notification
 * since then, the mailbox is due at once: its message may have come too late for the drain. Returns when the next
 * reconciliation is due; undefined when the account is not to be read any more.
 */
export async function resumeWatch(
  db: Queryable,
  accountId: string,
  { startedAt, captured, intervals }: { startedAt: Date; captured: boolean; intervals: WatchIntervals },
): Promise<Date | undefined> {
  const { rows } = await sql<{ reconcileDueAt: Date }>`
    with resumed as (
      update watches set
        state = ${stateAfter['drain-ended']},
        current_at = now(),
        not_before = '-infinity',
        mail_at = case when ${captured} then now() else watches.mail_at end,
        due_at = case when watches.rung_at >= ${startedAt} then now()
          else least(${nextDueAt(intervals)}, case when not ${captured} then ${dueAfterNotification} end) end
      from accounts left join reconciliations on reconciliations.account_id = accounts.id
      where accounts.id = watches.account_id and accounts.id = ${accountId}
        and ${isRead}
      returning watches.account_id, watches.due_at, ${reconciliationDueAt} as reconcile_due_at
    )
    select reconcile_due_at, case when due_at <= now() then ${notifyReader(sql.ref('account_id'))} end from resumed
  `.execute(db);
  return rows[0]?.reconcileDueAt;
}
