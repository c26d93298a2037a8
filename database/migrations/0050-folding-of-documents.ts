import { type Kysely, sql } from 'kysely';

/**
 * Names the rules by which the words of a document were made, so that workers find the documents of earlier rules and
 * write them again. Processes of the release before leave the column at its default, as their documents need it. No row
 * is written.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table search_documents add folding smallint not null default 1`.execute(db);
}
