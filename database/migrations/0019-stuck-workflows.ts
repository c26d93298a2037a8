import { type Kysely, sql } from 'kysely';

/**
 * Workflows that cannot go on, such as those of another release: whether some are suspected, and what was done about each.
 * How often one was begun anew bounds how often it is tried again.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table workflow_checks (
      id boolean primary key default true check (id),
      bundle text not null, -- SHA-256 of the workflow code that last came to a worker for the first time
      suspected_at timestamptz, -- since when a workflow may be unable to go on; null: none is suspected
      checked_until timestamptz -- a worker looks at all of them, and no other does until then
    )`.execute(db);
  await sql`
    create table stuck_workflows (
      account_id uuid primary key references accounts (id) on delete cascade,
      stuck_since timestamptz, -- null: it went on after it was begun anew
      renewals integer not null default 0,
      renewed_at timestamptz
    )`.execute(db);
}
