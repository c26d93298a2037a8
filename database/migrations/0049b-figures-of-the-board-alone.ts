import { type Kysely, sql } from 'kysely';

/**
 * Drops what the indexes of the migration before replace. In a migration of its own: a transaction that has read items and
 * writes them waits until an index is made; the drop in turn waits for its end.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`drop index items_completed, items_answered`.execute(db);
}
