import { sql } from 'kysely';
import { LOOK_LEASE_MS } from '../domain/schedule.ts';
import { clearConditions } from './account-conditions.ts';
import type { Queryable } from './database.ts';
import { deltaIsDue, listFrom } from './full-mailboxes.ts';
import { doubtSilentSubscriptions } from './subscriptions.ts';
import { dueAfterBell, inMs, isRead, nextDueAt, type WatchIntervals } from './watches.ts';

/** Two looks without an answer in time. */
const SLOW_AFTER_SECONDS = 20;

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
  /** Microsoft refused delta because the mailbox was full. */
  readonly wasFull: boolean;
  /** Whoever tried last had no answer. */
  readonly wasUnavailable: boolean;
  /** For a while now no answer came in time. */
  readonly isSlow: boolean;
  /** A message of the quarantine is to be tried again, which is the workflow's. */
  readonly wantsRetry: boolean;
  /** The mailbox is full: its list is looked at from here on, instead of delta. Null: it is not, or delta is due. */
  readonly listFrom: Date | null;
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
        full_mailboxes.account_id is not null as was_full,
        coalesce(accounts.condition_type = 'Unavailable', false) as was_unavailable,
        coalesce(
          accounts.condition_type = 'Unavailable' and accounts.condition_code = 'timeout'
            and accounts.condition_since < now() - ${SLOW_AFTER_SECONDS} * interval '1 second',
          false
        ) as is_slow,
        exists (
          select from quarantine where quarantine.account_id = watches.account_id and quarantine.state = 'retrying'
        ) as wants_retry,
        case when full_mailboxes.account_id is not null and not ${deltaIsDue} then ${listFrom} end as list_from,
        ${isRead} as is_read
    )
    select account_id, address, sign_in_as, sign_in_number, started_at, leased_until, folder, link, version, capture_from,
      was_full, was_unavailable, is_slow, wants_retry, list_from
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
        ${column('notBeforeMs')}::float8[]
      ) as look (account_id, leased_until, outcome, started_at, folder, version, link, not_before_ms)
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
