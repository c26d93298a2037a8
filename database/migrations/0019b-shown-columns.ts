import { type Kysely, sql } from 'kysely';

/** What operators see of each account in Temporal's list: so that it is noticed when that is no longer so. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table shown_columns (
      account_id uuid primary key references accounts (id) on delete cascade,
      today integer not null,
      trouble text,
      shown_at timestamptz not null default now()
    ) with (fillfactor = 70)`.execute(db);
}
