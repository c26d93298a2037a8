import { sql } from 'kysely';

/**
 * Selected from `accounts`: waits for other transactions of the same mailbox, and keeps them waiting until this one ends.
 * Captures take it: a transaction that takes it as well sees all of a page or none of it, and the next capture sees it.
 */
export const takeMailboxTurn = sql`pg_advisory_xact_lock(hashtextextended(coalesce(accounts.inbox_id, accounts.id::text), 0))`;
