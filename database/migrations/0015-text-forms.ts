import { type Kysely, sql } from 'kysely';

/** How the text of a message came out of its HTML; what was captured before counts as whole. No check: it would scan. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table messages add text_form text not null default 'whole'`.execute(db);
}
