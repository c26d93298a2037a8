import { type Kysely, sql } from 'kysely';

/**
 * Processes say that they live, so that one that stands still is noticed; keys are proved by a text that only the right
 * one decrypts; a claim is remembered by the name that its caller gave it, so that it can be asked for twice.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table processes (
      id uuid primary key,
      kind text not null check (kind in ('api', 'worker')),
      key_ids text[] not null,
      problem text,
      problem_since timestamptz,
      started_at timestamptz not null default now(),
      seen_at timestamptz not null default now()
    ) with (fillfactor = 50)`.execute(db);
  await sql`
    create table key_checks (
      key_id text primary key,
      known_text text not null,
      created_at timestamptz not null default now()
    )`.execute(db);
  await sql`alter table items add claim_request uuid`.execute(db);
}
