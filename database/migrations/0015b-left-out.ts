import { type Kysely, sql } from 'kysely';

/** How many recipients, headers and attachments of a message are not kept; null: none. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table messages add left_out jsonb`.execute(db);
}
