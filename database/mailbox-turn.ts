import { sql } from 'kysely';

/**
 * Selected from `accounts`: waits for other transactions of the same mailbox, and keeps them waiting until this one ends.
 * Captures take it, so whoever takes it sees either all of a page or none of it, and is seen by the next.
 */
export const takeMailboxTurn = sql`pg_advisory_xact_lock(hashtextextended(coalesce(accounts.inbox_id, accounts.id::text), 0))`;
