import { type Kysely, sql } from 'kysely';

/** When API keys expire, what they may do less than their profile, and who made them. Null: no limit, or not known. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table api_keys
      add expires_at timestamptz,
      add permissions text[],
      add queue_ids uuid[],
      add account_ids uuid[],
      add networks text[],
      add created_by text`.execute(db);
}
