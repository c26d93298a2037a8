import { type Kysely, sql } from 'kysely';

/** When the client secret ends, the one before it, and what was warned of. Null: not known, none, not yet. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table settings
      add client_secret_expires_at timestamptz,
      add previous_client_secret text, -- ciphertext
      add previous_client_secret_until timestamptz,
      add warned_days integer`.execute(db);
  await sql`alter table api_keys add warned_days integer`.execute(db);
}
