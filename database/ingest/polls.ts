import { sql } from 'kysely';
import type { AccountAccess } from '../../domain/account-access.ts';
import type { DrainOutcome } from '../../domain/drain-outcome.ts';
import { READER_SLOTS } from '../../domain/reader-share.ts';
import {
  LIST_CHECK_AFTER_NOTIFICATION_MS,
  LIST_CHECK_NOTIFIED_MS,
  LIST_CHECK_POLLED_MS,
  LIST_CHECK_SETTLED_AFTER_MS,
  LIST_OVERLAP_MS,
} from '../../domain/schedule.ts';
import { clearConditions } from '../accounts/account-conditions.ts';
import { arrayParameter } from '../array-parameter.ts';
import { isDraftMail } from '../capture/inbox-drafts.ts';
import { isToBeRetried } from '../capture/quarantine.ts';
import type { Queryable } from '../database.ts';
import { type DrainRecord, forgetOldDrains, recordedDrains } from './drains.ts';
import { deltaIsDue, isListed, listFrom } from './listed-mailboxes.ts';
import { isLate } from './reading.ts';
import { doubtSilentSubscriptions, isWithoutNotification } from './subscriptions.ts';
import { dueAfterNotification, isRead, nextDueAt, pollAfter, slotOf, type WatchIntervals } from './watches.ts';

/** The time of two polls without an answer. */
const SLOW_AFTER_SECONDS = 20;
/** The last check of the mailbox by its list; before the first check, when it was connected. */
const listedAt = sql<Date>`coalesce(watches.listed_at, accounts.authenticated_at, accounts.created_at)`;
/** The last check is so old that delta may have missed mail since; or a notification brought no mail. */
const isCheckDue = sql<boolean>`(
  ${listedAt} < now() - interval '1 millisecond' * case
    when exists (
      select from subscriptions
      where subscriptions.account_id = watches.account_id
        and subscriptions.graph_id is not null and subscriptions.expires_at > now()
    ) then ${LIST_CHECK_NOTIFIED_MS}::float8 else ${LIST_CHECK_POLLED_MS}::float8 end
  or (
    watches.rung_at > ${listedAt} and watches.rung_at > coalesce(watches.mail_at, '-infinity')
    and watches.rung_at < now() - ${LIST_CHECK_AFTER_NOTIFICATION_MS} * interval '1 millisecond'
  )
)`;
/** Mail dated at the time of the last check may have become visible since. The limit of a week is for outages. */
const checkFrom = sql<Date>`greatest(
  accounts.capture_from,
  now() + accounts.clock_skew_ms * interval '1 millisecond' - interval '7 days',
  ${listedAt} + (accounts.clock_skew_ms - ${LIST_OVERLAP_MS}::integer) * interval '1 millisecond'
)`;
const checkBefore = sql<Date>`(
  now() + (accounts.clock_skew_ms - ${LIST_CHECK_SETTLED_AFTER_MS}::integer) * interval '1 millisecond')`;

/** The schedule in memory follows the process's clock, which may differ from the database's by milliseconds. */
const DUE_TOLERANCE_MS = 50;

/** The next poll of a mailbox. */
export interface DuePoll {
  readonly accountId: string;
  /** Milliseconds from now; negative when overdue. */
  readonly dueInMs: number;
}

const dueInMs = sql<number>`(1000 * extract(epoch from greatest(watches.due_at, watches.not_before) - now()))::float8`;

/**
 * Mailboxes of these slots that are due within so many milliseconds: the part of the schedule that a reader keeps in
 * memory. It reads this every few seconds, which also finds notifications and changes of other processes whose notice
 * was lost.
 */
export async function listDuePolls(
  db: Queryable,
  { slots, withinMs }: { readonly slots: readonly number[]; readonly withinMs: number },
): Promise<readonly DuePoll[]> {
  const isMine =
    slots.length === READER_SLOTS ? sql`true` : sql`${slotOf(sql.ref('account_id'))} = any(${slots}::integer[])`;
  const { rows } = await sql<DuePoll>`
    select account_id, ${dueInMs} as due_in_ms from watches
    where state = 'polling' and due_at < now() + ${withinMs} * interval '1 millisecond' and ${isMine}
  `.execute(db);
  return rows;
}

/** Taken over at once; thousands that wait for Temporal are no reason for a storm. */
const TAKEN_OVER_AT_ONCE = 50;

/**
 * Lets readers poll mailboxes of these slots whose drain makes no progress, whatever the reason: Temporal is away, or
 * the drain's worker died and no other takes it. Only those whose first walk has reached its end, because polls cannot
 * continue one. A drain that begins later takes the mailbox back; side by side, the cursor's fence lets one write.
 */
export async function takeOverDrains(db: Queryable, slots: readonly number[]): Promise<void> {
  const { rows } = await sql<{ accountId: string }>`
    select watches.account_id from watches join accounts on accounts.id = watches.account_id
    where watches.state = 'draining' and ${isLate} and ${slotOf(sql.ref('watches.account_id'))} = any(${slots}::integer[])
      and exists (select from cursors where cursors.account_id = watches.account_id and cursors.complete)
    order by watches.account_id limit ${TAKEN_OVER_AT_ONCE}
  `.execute(db);
  for (const { accountId } of rows) await pollAfter(db, accountId, { event: 'drain-missing', delayMs: 0 });
}

/** A mailbox to poll now. */
export interface OpenedPoll {
  readonly accountId: string;
  readonly address: string;
  readonly signInAs: string | null;
  readonly access: AccountAccess;
  /** The number of the account's sign-in. */
  readonly signInNumber: number;
  /** When the poll began, by the database's clock. */
  readonly startedAt: Date;
  /** Milliseconds until it is due, if the row was moved since the poll was planned: then it is not polled now. */
  readonly waitMs: number;
  readonly folder: string | null;
  /**
   * Where the last poll ended; null: the walk has not reached its end, so only the workflow's drain can continue it.
   */
  readonly link: string | null;
  readonly version: number | null;
  readonly receivedSince: Date | null;
  readonly walked: number | null;
  /** Page size, reduced after pages that failed with the usual size. */
  readonly pageSize: number | null;
  /** Lists of the inbox replace delta, or have done so until now. */
  readonly wasListed: boolean;
  /** The account has a condition. */
  readonly hasCondition: boolean;
  /** The last attempt got no answer. */
  readonly wasUnavailable: boolean;
  /** Answers have been failing or late for a while. */
  readonly isSlow: boolean;
  /** New mail should have had a notification, and there was none. */
  readonly isWithoutNotification: boolean;
  /** A quarantined message, a list of attachments or a draft is due for another try, which is the workflow's work. */
  readonly wantsRetry: boolean;
  /** The list of the inbox is read from here on, instead of delta. Null: delta. */
  readonly listFrom: Date | null;
  /** The list of the inbox checks from here on whether delta has missed mail. Null: no check now. */
  readonly checkFrom: Date | null;
  readonly checkBefore: Date | null;
  readonly captureFrom: Date | null;
}

/**
 * What is needed to poll these mailboxes, from the current rows, in one read and without a lock. Leaves out mailboxes
 * that readers must not poll at the moment (disabled, being drained).
 */
export async function openPolls(db: Queryable, accountIds: readonly string[]): Promise<readonly OpenedPoll[]> {
  const { rows } = await sql<OpenedPoll>`
    select watches.account_id, accounts.address, accounts.sign_in_as, accounts.access, accounts.sign_in_number,
      now() as started_at,
      case when ${dueInMs} < ${DUE_TOLERANCE_MS} then 0 else ${dueInMs} end as wait_ms,
      cursors.folder, cursors.link, cursors.version, cursors.received_since, cursors.walked, accounts.capture_from,
      cursors.page_size, ${isListed} as was_listed,
      accounts.condition_type is not null as has_condition,
      coalesce(accounts.condition_type = 'Unavailable', false) as was_unavailable,
      coalesce(
        accounts.condition_type = 'Unavailable' and accounts.condition_code = 'timeout'
          and accounts.condition_since < now() - ${SLOW_AFTER_SECONDS} * interval '1 second',
        false
      ) as is_slow,
      exists (
        select from subscriptions where subscriptions.account_id = watches.account_id and ${isWithoutNotification}
      ) as is_without_notification,
      exists (
        select from quarantine where quarantine.account_id = watches.account_id and ${isToBeRetried}
      ) or exists (
        select from unread_attachments
        where unread_attachments.account_id = watches.account_id and unread_attachments.retry_at <= now()
      ) or exists (
        select from inbox_drafts where inbox_drafts.account_id = watches.account_id and ${isDraftMail}
      ) as wants_retry,
      case when ${isListed} and not ${deltaIsDue} then ${listFrom} end as list_from,
      case when ${isCheckDue} then ${checkFrom} end as check_from,
      case when ${isCheckDue} then ${checkBefore} end as check_before
    from watches
      join accounts on accounts.id = watches.account_id
      left join cursors on cursors.account_id = watches.account_id and cursors.complete
      left join full_mailboxes on full_mailboxes.account_id = watches.account_id
    where watches.account_id = any(${arrayParameter(accountIds, 'uuid')}) and watches.state = 'polling' and ${isRead}
  `.execute(db);
  return rows;
}

/**
 * What follows a poll. `wait`: the next one is due after its interval. `repeat`: at once, because this one was cut
 * short. `retry`: soon, because it learned nothing. `hand-over`: the workflow continues.
 */
export type PollNext = 'wait' | 'repeat' | 'retry' | 'hand-over';

/** A finished poll. */
export interface EndedPoll
  extends Pick<
    OpenedPoll,
    'accountId' | 'folder' | 'version' | 'startedAt' | 'hasCondition' | 'isWithoutNotification'
  > {
  /** The result of the walk. `current` proves that nothing new is left. */
  readonly outcome: DrainOutcome;
  readonly captured: number;
  readonly next: PollNext;
  /**
   * For a poll that found nothing: where the next one begins. The cursor moves there only if it has not moved since.
   */
  readonly link: string | null;
  /** The mailbox is not polled again for so many milliseconds, whatever notifications come. */
  readonly notBeforeMs: number;
  /** After `retry` or `hand-over`: milliseconds until the next poll. */
  readonly retryMs: number;
  /** The list of the inbox held nothing that delta had missed. */
  readonly isChecked: boolean;
  /** The drain to record; undefined: nothing was captured. */
  readonly drain: DrainRecord | undefined;
}

export interface SettledPolls {
  /** The next polls. Leaves out mailboxes that are being drained, or are not to be read any more. */
  readonly next: readonly DuePoll[];
  /** Types of the conditions that were cleared. */
  readonly over: readonly string[];
}

/**
 * Stores finished polls and schedules the next ones, in batches. A poll that reached the end of its mailbox proves it
 * current and clears its condition. A notification since the start of a poll makes its mailbox due at once. Leaves out
 * mailboxes whose drain has begun since, or that are not to be read any more.
 */
export async function settlePolls(
  db: Queryable,
  intervals: WatchIntervals,
  polls: readonly EndedPoll[],
): Promise<SettledPolls> {
  if (polls.length === 0) return { next: [], over: [] };
  const drains = polls.flatMap(({ accountId, drain }) => (drain ? [{ accountId, ...drain }] : []));
  await doubtSilentSubscriptions(
    db,
    polls.flatMap((poll) => (poll.captured > 0 && poll.isWithoutNotification ? [poll.accountId] : [])),
  );
  const column = <Key extends keyof EndedPoll>(key: Key) => polls.map((poll) => poll[key]);
  const { rows: next } = await sql<DuePoll>`
    with polls as (
      select *, outcome = 'current' as is_current from unnest(
        ${arrayParameter(column('accountId'), 'uuid')}, ${column('outcome')}::text[], ${column('next')}::text[],
        ${polls.map(({ captured }) => captured > 0)}::boolean[], ${column('startedAt')}::timestamptz[],
        ${column('folder')}::text[], ${column('version')}::bigint[], ${column('link')}::text[],
        ${column('notBeforeMs')}::float8[], ${column('retryMs')}::float8[], ${column('isChecked')}::boolean[]
      ) as poll (
        account_id, outcome, next, has_mail, started_at, folder, version, link, not_before_ms, retry_ms, is_checked
      )
    ), locked as (
      select watches.account_id from watches join polls on polls.account_id = watches.account_id
      order by watches.account_id for update of watches
    ), recorded as (
      ${recordedDrains(drains)}
    ), moved as (
      update cursors set link = polls.link, version = cursors.version + 1, updated_at = now()
      from polls
      where cursors.account_id = polls.account_id and cursors.folder = polls.folder
        and cursors.version = polls.version and cursors.link <> polls.link and polls.is_current
    )
    update watches set
      not_before = now() + polls.not_before_ms * interval '1 millisecond',
      current_at = case when polls.is_current then greatest(watches.current_at, polls.started_at) else watches.current_at end,
      mail_at = case when polls.has_mail then now() else watches.mail_at end,
      listed_at = case when polls.is_checked then polls.started_at else watches.listed_at end,
      due_at = case when watches.state = 'polling' then greatest(
        now() + polls.not_before_ms * interval '1 millisecond',
        case
          when polls.next = 'repeat' or watches.rung_at >= polls.started_at then now()
          when polls.next <> 'wait' then now() + polls.retry_ms * interval '1 millisecond'
          when polls.has_mail then ${nextDueAt(intervals)}
          else least(${nextDueAt(intervals)}, ${dueAfterNotification})
        end
      ) else watches.due_at end
    from locked join polls on polls.account_id = locked.account_id join accounts on accounts.id = locked.account_id
    where watches.account_id = locked.account_id
    returning watches.account_id, case when watches.state = 'polling' then ${dueInMs} end as due_in_ms
  `.execute(db);
  await forgetOldDrains(
    db,
    drains.map(({ accountId }) => accountId),
  );
  const over = await clearConditions(
    db,
    polls.flatMap(({ outcome, hasCondition, accountId }) => (outcome === 'current' && hasCondition ? [accountId] : [])),
  );
  return { next: next.filter(({ dueInMs }) => dueInMs !== null), over };
}
