import { sql } from 'kysely';
import type { Reading } from '../../domain/reading.ts';
import { isRead } from './watches.ts';

/**
 * How up to date a mailbox is, derived from what its readers write anyway. For queries that left-join `watches` to
 * `accounts`.
 */

/**
 * A poll is due at `due_at`, or at `not_before` where a wait was requested, whatever the intervals are, and begins half
 * a second later. Six further intervals of 20 seconds are more than a hiccup or a restart of a worker.
 */
const LATE_AFTER_SECONDS = 120;
/** A poll that outlives its deadline stores its link this much later than the time for which it proves the mailbox. */
const LOOK_SECONDS = 15;

const longAgo = sql`now() - ${LATE_AFTER_SECONDS} * interval '1 second'`;
/** The reader does not poll it: a drain of the workflow is running or about to begin. */
const isSuspended = sql`(watches.state is distinct from 'polling')`;
const isHeld = sql`exists (
  select from mailbox_budgets where mailbox_budgets.account_id = accounts.id and mailbox_budgets.held_until > now()
)`;
/** When the last page was written. */
const pageAt = sql`(select max(cursors.updated_at) from cursors where cursors.account_id = accounts.id)`;
/** The first walk through the mailbox, or a restarted one, has not reached its end. */
const isFirstWalk = sql`not exists (select from cursors where cursors.account_id = accounts.id and cursors.complete)`;

/** A poll is long overdue; or a drain makes no progress, and no answer of Microsoft explains it. */
export const isLate = sql<boolean>`coalesce(${isRead} and case
  when ${isSuspended} then not ${isHeld}
    and (accounts.condition_type is null or accounts.condition_until < ${longAgo})
    and greatest(watches.current_at, accounts.authenticated_at, accounts.updated_at, ${pageAt}) < ${longAgo}
  else greatest(watches.due_at, watches.not_before) < ${longAgo}
end, false)`;

/** The account has a condition: the state of its mailbox is unknown until that ends. */
const isHindered = sql<boolean>`accounts.condition_type is not null`;
/** Connected or enabled since it was last read. */
const isUnread = sql`watches.current_at is null or (
  ${isSuspended}
  and greatest(accounts.authenticated_at, accounts.updated_at) > watches.current_at + ${LOOK_SECONDS} * interval '1 second'
)`;

/**
 * A drain is running, and not only for a moment: the mailbox was never read to its end, or not since it was enabled, or
 * pages were written since it last was.
 */
const isCatchingUp = sql<boolean>`coalesce(
  ${isUnread}
  or ${isSuspended} and (${isFirstWalk} or ${pageAt} > watches.current_at + ${LOOK_SECONDS} * interval '1 second'), false
)`;

export const reading = sql<Reading>`case
  when not (${isRead}) then 'off'
  when ${isLate} then 'late'
  when ${isHindered} then 'hindered'
  when ${isCatchingUp} then 'catching-up'
  else 'current' end`;

export const lateForSeconds = sql<number | null>`case when ${isLate} then
  extract(epoch from now() - coalesce(watches.current_at, accounts.authenticated_at, accounts.created_at))::integer
end`;
