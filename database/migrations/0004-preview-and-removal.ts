import { type Kysely, sql } from 'kysely';

/**
 * What people ask when something went wrong: which message is in quarantine, who signed in instead of the account that
 * was entered; and that an account is just being removed.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table quarantine add preview jsonb`.execute(db);
  await sql`alter table sign_ins add signed_in_as text`.execute(db);
  await sql`alter table accounts add removing_since timestamptz`.execute(db);
}
