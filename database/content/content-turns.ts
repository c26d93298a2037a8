import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from '../database.ts';

/** `waitMs`: until the other holder is done or dead, or the time that Microsoft named. */
export type ContentTurn =
  | { readonly taken: true }
  | { readonly taken: false; readonly waitMs: number; readonly isThrottled: boolean };

interface Hold {
  readonly holder: string;
  readonly leaseMs: number;
}

/** Waiting is written down at most this often, in milliseconds, and believed for three times as long. */
const WANTED_EVERY_MS = 1_000;

const after = (ms: number): RawBuilder<Date> => sql`now() + ${ms} * interval '1 millisecond'`;

/**
 * Takes the mailbox's only turn to read content: drains have three of the four requests that Microsoft allows at once.
 * Where another has it, it learns that it is waited for.
 */
export async function takeContentTurn(
  db: Queryable,
  accountId: string,
  { holder, leaseMs }: Hold,
): Promise<ContentTurn> {
  const heldUntil = after(leaseMs);
  const { rows: taken } = await sql`
    insert into content_turns (account_id, holder, held_until) values (${accountId}, ${holder}, ${heldUntil})
    on conflict (account_id) do update set holder = excluded.holder, held_until = excluded.held_until,
      wanted_at = '-infinity'
    where content_turns.held_until <= now() and content_turns.not_before <= now()
    returning account_id`.execute(db);
  if (taken.length > 0) return { taken: true };
  const { rows } = await sql<{ waitMs: number; isThrottled: boolean; isNoted: boolean }>`
    select not_before > now() as is_throttled, wanted_at > ${after(-WANTED_EVERY_MS)} as is_noted,
      1000 * extract(epoch from greatest(held_until, not_before, now()) - now())::float8 as wait_ms
    from content_turns where account_id = ${accountId}`.execute(db);
  const { isNoted = true, waitMs = 0, isThrottled = false } = rows[0] ?? {};
  if (!isNoted) {
    await sql`update content_turns set wanted_at = now() where account_id = ${accountId}`.execute(db);
  }
  return { taken: false, waitMs, isThrottled };
}

/** Keeps the turn for another lease. Undefined: another reading has it. `isWanted`: others wait for it. */
export async function renewContentTurn(
  db: Queryable,
  accountId: string,
  { holder, leaseMs }: Hold,
): Promise<{ readonly isWanted: boolean } | undefined> {
  const { rows } = await sql<{ isWanted: boolean }>`
    update content_turns set held_until = ${after(leaseMs)} where account_id = ${accountId} and holder = ${holder}
    returning wanted_at > ${after(-3 * WANTED_EVERY_MS)} as is_wanted`.execute(db);
  return rows[0];
}

/** Ends the turn; the next one is taken after `pauseMs`, the time that Microsoft named. */
export async function endContentTurn(
  db: Queryable,
  accountId: string,
  { holder, pauseMs = 0 }: { readonly holder: string; readonly pauseMs?: number | undefined },
): Promise<void> {
  await sql`
    update content_turns set holder = null, held_until = '-infinity', not_before = greatest(not_before, ${after(pauseMs)})
    where account_id = ${accountId} and holder = ${holder}`.execute(db);
}
