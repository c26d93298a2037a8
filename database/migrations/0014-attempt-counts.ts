import { type Kysely, sql } from 'kysely';

/**
 * How often one address tried something within a minute, over all API processes. Not logged: a crash of PostgreSQL
 * empties it, and nothing is lost but a minute's counts.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create unlogged table attempt_counts (
      attempt text not null,
      origin_hash bytea not null, -- SHA-256 of a network address: it is compared and never read
      attempts integer not null,
      ends_at timestamptz not null,
      primary key (attempt, origin_hash)
    )`.execute(db);
  await sql`create index attempt_counts_over on attempt_counts (ends_at)`.execute(db);
}
