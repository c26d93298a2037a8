import { type Kysely, sql } from 'kysely';

/** How far the audit trail was sent to another system, by which worker, and what keeps it (decision 73). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit_stream (
      id boolean primary key default true check (id),
      number bigint not null default 0, -- the last seal that the receiver confirmed
      confirmed_at timestamptz,
      sender uuid, -- the worker whose turn it is
      turn_until timestamptz,
      problem text,
      failing_since timestamptz,
      rejected bigint not null default 0 -- entries that the receiver took and did not keep
    )`.execute(db);
  await sql`insert into audit_stream default values`.execute(db);
}
