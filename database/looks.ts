import { sql } from 'kysely';
import {
  LIST_CHECK_AFTER_BELL_MS,
  LIST_CHECK_NOTIFIED_MS,
  LIST_CHECK_POLLED_MS,
  LIST_CHECK_SETTLED_AFTER_MS,
  LIST_OVERLAP_MS,
  LOOK_LEASE_MS,
} from '../domain/schedule.ts';
import { clearConditions } from './account-conditions.ts';
import type { Queryable } from './database.ts';
import { isDraftMail } from './inbox-drafts.ts';
import { deltaIsDue, isListed, listFrom } from './listed-mailboxes.ts';
import { isToBeRetried } from './quarantine.ts';
import { doubtSilentSubscriptions } from './subscriptions.ts';
import { dueAfterBell, inMs, isRead, nextDueAt, type WatchIntervals } from './watches.ts';

/** Two looks without an answer in time. */
const SLOW_AFTER_SECONDS = 20;

/** When the mailbox was last checked by its list; one that was not yet was connected then. */
const listedAt = sql<Date>`coalesce(watches.listed_at, accounts.authenticated_at, accounts.created_at)`;
/** That was so long ago that delta may have kept silent since; or a bell has no explanation. */
const isCheckDue = sql<boolean>`(
  ${listedAt} < now() - interval '1 millisecond' * case
    when exists (
      select from subscriptions
      where subscriptions.account_id = watches.account_id
        and subscriptions.graph_id is not null and subscriptions.expires_at > now()
    ) then ${LIST_CHECK_NOTIFIED_MS}::float8 else ${LIST_CHECK_POLLED_MS}::float8 end
  or (
    watches.rung_at > ${listedAt} and watches.rung_at > coalesce(watches.mail_at, '-infinity')
    and watches.rung_at < now() - ${LIST_CHECK_AFTER_BELL_MS} * interval '1 millisecond'
  )
)`;
/** Mail that was dated at the time of the last check may have become visible since. A week is for who was away. */
const checkFrom = sql<Date>`greatest(
  accounts.capture_from,
  now() + accounts.clock_skew_ms * interval '1 millisecond' - interval '7 days',
  ${listedAt} + (accounts.clock_skew_ms - ${LIST_OVERLAP_MS}::integer) * interval '1 millisecond'
)`;
const checkBefore = sql<Date>`(
  now() + (accounts.clock_skew_ms - ${LIST_CHECK_SETTLED_AFTER_MS}::integer) * interval '1 millisecond')`;

/** A mailbox that is to be looked at now. */
export interface DueWatch {
  readonly accountId: string;
  readonly address: string;
  readonly signInAs: string | null;
  /** Which of its sign-ins the account has. */
  readonly signInNumber: number;
  /** When the look began, by the database's clock. */
  readonly startedAt: Date;
  readonly folder: string | null;
  /** Where the last look ended; null: the walk has no end yet, so only a drain can go on. */
  readonly link: string | null;
  readonly version: number | null;
  /** Until when nobody else looks; names this look among others. */
  readonly leasedUntil: string;
  /** Messages asked for in one page, where as many as usual did not come. */
  readonly pageSize: number | null;
  /** Lists of the inbox take the place of delta, or did until now. */
  readonly wasListed: boolean;
  /** Whoever tried last had no answer. */
  readonly wasUnavailable: boolean;
  /** For a while now no answer came in time. */
  readonly isSlow: boolean;
  /** A message of the quarantine, a list of attachments or a draft is to be read again, which is the workflow's. */
  readonly wantsRetry: boolean;
  /** The list of the mailbox is looked at from here on, instead of delta. Null: delta is to be asked. */
  readonly listFrom: Date | null;
  /** Whether delta tells of mail of this time is to be checked by the list of the inbox. Null: not now. */
  readonly checkFrom: Date | null;
  readonly checkBefore: Date | null;
  readonly captureFrom: Date | null;
}

/**
 * How a look ended. `quiet`: nothing was new. `captured`: what was new is in its queues. `found`: there is something for a
 * drain, or nothing could be learned. `elsewhere`: somebody else reads the mailbox. `cut-short`: somebody else is to look.
 */
export type LookOutcome = 'quiet' | 'captured' | 'found' | 'elsewhere' | 'cut-short';

/** A look that ended. */
export interface EndedLook extends Pick<DueWatch, 'accountId' | 'folder' | 'version' | 'startedAt' | 'leasedUntil'> {
  readonly outcome: LookOutcome;
  /** Of a quiet one: where the next look begins. The cursor moves there only if nobody moved it meanwhile. */
  readonly link: string | null;
  /** Nobody looks earlier than after so many milliseconds, whoever rings. */
  readonly notBeforeMs: number;
  /** The list of the inbox held nothing that delta had not told of. */
  readonly isChecked: boolean;
}

/**
 * Takes mailboxes that are due, the longest overdue first: many watchers may ask at once, and none gets what another has.
 * Nobody else looks at them until the look is settled; one whose watcher dies is due again when its lease is over.
 */
export async function leaseDueWatches(db: Queryable, limit: number): Promise<readonly DueWatch[]> {
  // Who ended a drain in the moment in which the account was paused may have set a time again: it is taken back here.
  const { rows } = await sql<DueWatch>`
    with due as (
      select account_id from watches where due_at <= now() and looking_until <= now() and not_before <= now()
      order by due_at limit ${limit} for update skip locked
    ), leased as (
      update watches set
        due_at = case when ${isRead} then ${inMs(LOOK_LEASE_MS)} else 'infinity' end,
        looking_until = case when ${isRead} then ${inMs(LOOK_LEASE_MS)} else watches.looking_until end
      from due
        join accounts on accounts.id = due.account_id
        left join cursors on cursors.account_id = due.account_id and cursors.complete
        left join full_mailboxes on full_mailboxes.account_id = due.account_id
      where watches.account_id = due.account_id
      returning watches.account_id, accounts.address, accounts.sign_in_as, accounts.sign_in_number, now() as started_at,
        cursors.folder, cursors.link, cursors.version, accounts.capture_from,
        watches.looking_until::text as leased_until,
        cursors.page_size, ${isListed} as was_listed,
        coalesce(accounts.condition_type = 'Unavailable', false) as was_unavailable,
        coalesce(
          accounts.condition_type = 'Unavailable' and accounts.condition_code = 'timeout'
            and accounts.condition_since < now() - ${SLOW_AFTER_SECONDS} * interval '1 second',
          false
        ) as is_slow,
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
        case when ${isCheckDue} then ${checkBefore} end as check_before,
        ${isRead} as is_read
    )
    select account_id, address, sign_in_as, sign_in_number, started_at, leased_until, folder, link, version, capture_from,
      page_size, was_listed, was_unavailable, is_slow, wants_retry, list_from, check_from, check_before
    from leased where is_read
  `.execute(db);
  return rows;
}

/**
 * Writes looks down that ended, and sets the next ones. Quiet ones and those that captured prove their mailboxes current,
 * and end what hindered them: returns the types of that. A bell that rang since a look began makes its mailbox due at once;
 * one whose drain began meanwhile, or that nobody may read any more, stays as it is; so does one that somebody else looks
 * at, because this look outlived its lease.
 */
export async function settleLooks(
  db: Queryable,
  intervals: WatchIntervals,
  looks: readonly EndedLook[],
): Promise<readonly string[]> {
  if (looks.length === 0) return [];
  await doubtSilentSubscriptions(
    db,
    looks.flatMap(({ outcome, accountId }) => (outcome === 'captured' ? [accountId] : [])),
  );
  const column = <Key extends keyof EndedLook>(key: Key) => looks.map((look) => look[key]);
  await sql`
    with looks as (
      select *, outcome in ('quiet', 'captured') as is_current from unnest(
        ${column('accountId')}::uuid[], ${column('leasedUntil')}::text[], ${column('outcome')}::text[],
        ${column('startedAt')}::timestamptz[],
        ${column('folder')}::text[], ${column('version')}::bigint[], ${column('link')}::text[],
        ${column('notBeforeMs')}::float8[], ${column('isChecked')}::boolean[]
      ) as look (account_id, leased_until, outcome, started_at, folder, version, link, not_before_ms, is_checked)
    ), locked as (
      select watches.account_id from watches join looks on looks.account_id = watches.account_id
      order by watches.account_id for update of watches
    ), moved as (
      update cursors set link = looks.link, version = cursors.version + 1, updated_at = now()
      from looks
      where cursors.account_id = looks.account_id and cursors.folder = looks.folder
        and cursors.version = looks.version and cursors.link <> looks.link and looks.outcome = 'quiet'
    )
    update watches set
      looking_until = '-infinity',
      not_before = now() + looks.not_before_ms * interval '1 millisecond',
      current_at = case when looks.is_current then greatest(watches.current_at, looks.started_at) else watches.current_at end,
      mail_at = case when looks.outcome = 'captured' then now() else watches.mail_at end,
      listed_at = case when looks.is_checked then looks.started_at else watches.listed_at end,
      rung_at = case when looks.outcome = 'elsewhere' then now() else watches.rung_at end,
      due_at = greatest(now() + looks.not_before_ms * interval '1 millisecond', case
        when due_at = 'infinity' then due_at
        when looks.outcome in ('cut-short', 'elsewhere') or watches.rung_at >= looks.started_at then now()
        when looks.outcome = 'quiet' then least(${nextDueAt(intervals)}, ${dueAfterBell})
        when looks.is_current then ${nextDueAt(intervals)}
        else due_at
      end)
    from locked join looks on looks.account_id = locked.account_id join accounts on accounts.id = locked.account_id
    where watches.account_id = locked.account_id and watches.looking_until = looks.leased_until::timestamptz
  `.execute(db);
  const current = looks.filter(({ outcome }) => outcome === 'quiet' || outcome === 'captured');
  return await clearConditions(
    db,
    current.map(({ accountId }) => accountId),
  );
}

/**
 * Takes the place of a look, for a command that asks the mailbox something: with the three requests of a drain it is the
 * fourth. False while somebody looks.
 */
export async function takeLook(db: Queryable, accountId: string): Promise<boolean> {
  const taken = await db
    .insertInto('watches')
    .values({ accountId, lookingUntil: inMs(LOOK_LEASE_MS) })
    .onConflict((conflict) =>
      conflict
        .column('accountId')
        .doUpdateSet({ lookingUntil: inMs(LOOK_LEASE_MS) })
        .where('watches.lookingUntil', '<=', sql<Date>`now()`),
    )
    .returning('accountId')
    .executeTakeFirst();
  return taken !== undefined;
}

/** A command that took the place of a look has its answer. */
export async function giveLookBack(db: Queryable, accountId: string): Promise<void> {
  await db.updateTable('watches').set({ lookingUntil: '-infinity' }).where('accountId', '=', accountId).execute();
}
