import { type Kysely, sql } from 'kysely';

/** What is known of a message in quarantine, so that a person sees which it is; and when a removal began. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table quarantine add preview jsonb`.execute(db);
  await sql`alter table accounts add removing_since timestamptz`.execute(db);
}
