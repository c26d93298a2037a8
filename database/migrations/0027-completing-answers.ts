import { type Kysely, sql } from 'kysely';

/**
 * Whether an answer is to complete its item, which outlives its failure: sent again, it completes it then
 * (`completed_item` says that it did).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table answers add completes_item boolean not null default false`.execute(db);
}
