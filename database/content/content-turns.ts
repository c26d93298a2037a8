import { sql } from 'kysely';
import type { Queryable } from '../database.ts';

/** `waitMs`: until the other holder is done or dead, or the time that Microsoft named. */
export type ContentTurn =
  | { readonly taken: true }
  | { readonly taken: false; readonly waitMs: number; readonly isThrottled: boolean };

/**
 * Takes the mailbox's only turn to read content: drains have three of the four requests that Microsoft allows at once.
 */
export async function takeContentTurn(
  db: Queryable,
  accountId: string,
  { holder, leaseMs }: { readonly holder: string; readonly leaseMs: number },
): Promise<ContentTurn> {
  const heldUntil = sql`now() + ${leaseMs} * interval '1 millisecond'`;
  const { rows: taken } = await sql`
    insert into content_turns (account_id, holder, held_until) values (${accountId}, ${holder}, ${heldUntil})
    on conflict (account_id) do update set holder = excluded.holder, held_until = excluded.held_until
    where (content_turns.held_until <= now() or content_turns.holder = excluded.holder)
      and content_turns.not_before <= now()
    returning account_id`.execute(db);
  if (taken.length > 0) return { taken: true };
  const { rows } = await sql<{ waitMs: number; isThrottled: boolean }>`
    select not_before > now() as is_throttled,
      1000 * extract(epoch from greatest(held_until, not_before, now()) - now())::float8 as wait_ms
    from content_turns where account_id = ${accountId}`.execute(db);
  return { taken: false, waitMs: 0, isThrottled: false, ...rows[0] };
}

/** Ends the turn; the next one is taken after `pauseMs`, the time that Microsoft named. */
export async function endContentTurn(
  db: Queryable,
  accountId: string,
  { holder, pauseMs = 0 }: { readonly holder: string; readonly pauseMs?: number | undefined },
): Promise<void> {
  await sql`
    update content_turns set holder = null, held_until = '-infinity',
      not_before = greatest(not_before, now() + ${pauseMs} * interval '1 millisecond')
    where account_id = ${accountId} and holder = ${holder}`.execute(db);
}
