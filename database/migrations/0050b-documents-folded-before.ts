import { type Kysely, sql } from 'kysely';

/**
 * Finds the documents of earlier rules, until there are none. In a migration of its own: the column's lock would keep
 * searches waiting until the index is made. Meanwhile documents wait for some seconds; the capture writes none.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(db);
  await sql`
    create index search_documents_folded_before on search_documents (message_id desc) where folding < 2
  `.execute(db);
}
