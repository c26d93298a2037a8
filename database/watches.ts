import { sql } from 'kysely';
import type { FailureType } from '../domain/failure.ts';
import { LOOK_LEASE_MS, lookAroundEveryMs } from '../domain/schedule.ts';
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
  /** Which of its sign-ins the account has. */
  readonly signInNumber: number;
  /** When the look began, by the database's clock. */
  readonly startedAt: Date;
  readonly folder: string | null;
  /** Where the last look ended; null: the walk has no end yet, so only a drain can go on. */
  readonly link: string | null;
  readonly version: number | null;
  /** The mailbox is full: its list is looked at from here on, instead of delta. Null: it is not, or delta is due. */
  readonly listFrom: Date | null;
  readonly captureFrom: Date | null;
}

/** A look that ended. */
export interface EndedLook extends Pick<DueWatch, 'accountId' | 'folder' | 'version'> {
  /** `found`: there is something to drain, or nothing could be learned. `cut-short`: somebody else is to look at once. */
  readonly outcome: 'quiet' | 'found' | 'cut-short';
  /** Of a quiet one: where the next look begins. The cursor moves there only if nobody moved it meanwhile. */
  readonly link: string | null;
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
const nextDueAt = ({ pollMs, backstopMs }: WatchIntervals) => {
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

/** An account whose mail is to be read at all. */
const isRead = sql<boolean>`accounts.enabled and accounts.sign_in = 'done' and accounts.removed_at is null`;

/**
 * Takes mailboxes that are due, the longest overdue first, and sets their next look: many watchers may ask at once, and
 * none gets what another has. Nobody else looks at them until the look is settled; one whose watcher dies is looked at
 * again at the next interval.
 */
export async function leaseDueWatches(
  db: Queryable,
  intervals: WatchIntervals,
  limit: number,
): Promise<readonly DueWatch[]> {
  // Who ended a drain in the moment in which the account was paused may have set a time again: it is taken back here.
  const { rows } = await sql<DueWatch>`
    with due as (
      select account_id from watches where due_at <= now() and looking_until <= now()
      order by due_at limit ${limit} for update skip locked
    ), leased as (
      update watches set
        due_at = case when ${isRead} then ${nextDueAt(intervals)} else 'infinity' end,
        looking_until = case when ${isRead} then ${inMs(LOOK_LEASE_MS)} else watches.looking_until end
      from due
        join accounts on accounts.id = due.account_id
        left join cursors on cursors.account_id = due.account_id and cursors.complete
        left join full_mailboxes on full_mailboxes.account_id = due.account_id and not ${deltaIsDue}
      where watches.account_id = due.account_id
      returning watches.account_id, accounts.address, accounts.sign_in_as, accounts.sign_in_number, now() as started_at,
        cursors.folder, cursors.link, cursors.version, accounts.capture_from,
        case when full_mailboxes.account_id is not null then ${listFrom} end as list_from, ${isRead} as is_read
    )
    select account_id, address, sign_in_as, sign_in_number, started_at, folder, link, version, capture_from, list_from
    from leased where is_read
  `.execute(db);
  return rows;
}

/**
 * Writes looks down that ended. Quiet ones prove their mailboxes current, and end what hindered them: returns the types
 * of that.
 */
export async function settleLooks(db: Queryable, looks: readonly EndedLook[]): Promise<readonly string[]> {
  if (looks.length === 0) return [];
  const column = <Key extends keyof EndedLook>(key: Key) => looks.map((look) => look[key]);
  await sql`
    with looks as (
      select * from unnest(
        ${column('accountId')}::uuid[], ${column('outcome')}::text[], ${column('folder')}::text[],
        ${column('version')}::bigint[], ${column('link')}::text[]
      ) as look (account_id, outcome, folder, version, link)
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
      current_at = case when looks.outcome = 'quiet' then now() else watches.current_at end,
      due_at = case when looks.outcome = 'cut-short' and due_at < 'infinity' then now() else due_at end
    from locked join looks on looks.account_id = locked.account_id
    where watches.account_id = locked.account_id
  `.execute(db);
  const quiet = looks.filter(({ outcome }) => outcome === 'quiet');
  return await clearConditions(
    db,
    quiet.map(({ accountId }) => accountId),
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

/** Microsoft asks to wait: the next look is not before that, and not before it would be anyway. */
export async function postponeWatch(db: Queryable, accountId: string, delayMs: number): Promise<void> {
  await db
    .updateTable('watches')
    .set({ dueAt: sql<Date>`greatest(due_at, ${inMs(delayMs)})` })
    .where('accountId', '=', accountId)
    .execute();
}

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

function inMs(delayMs: number) {
  return sql<Date>`now() + ${delayMs} * interval '1 millisecond'`;
}

/** Long enough for the doorbell's signal to make the look superfluous, short enough for whom it got lost. */
const LOOK_AFTER_DOORBELL_MS = 2_000;

/**
 * Doorbells of these accounts rang: they are due soon, whatever becomes of the signal. Not while a drain is under way:
 * it finds out at its end. Returns those that are watched; a paused or removed account is not.
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
        and ${isRead}
      order by watches.account_id for update of watches
    )
    update watches set
      rung_at = clock_timestamp(),
      due_at = case when due_at < 'infinity' then least(due_at, ${inMs(LOOK_AFTER_DOORBELL_MS)}) else due_at end
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
      and ${isRead}
    returning ${reconciliationDueAt} as reconcile_due_at
  `.execute(db);
  return rows[0]?.reconcileDueAt;
}
