import { type Kysely, sql } from 'kysely';

/**
 * The index by which lists of accounts count what waits. It was added to the first migration after databases had been made by
 * that, and these never got it. Reading half a million items for it takes a second; writers wait meanwhile.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index if not exists items_account_open on items (account_id) include (state, lease_expires_at)
    where state <> 'completed'`.execute(db);
}
