import { type Kysely, sql } from 'kysely';

/** Reads all items while mail flows on. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(db);
  await sql`alter table items validate constraint items_state_check`.execute(db);
}
