import { type Kysely, sql } from 'kysely';

/** Since when nothing is left under an encryption key (decision 61). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table key_checks add emptied_at timestamptz`.execute(db); // null: it encrypts, or something is left
}
