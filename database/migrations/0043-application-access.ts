import { type Kysely, sql } from 'kysely';

/**
 * Whose rights each account is read with, and whether the application's own rights may be used: `outcome` is the result
 * of the last check that had one, for the app of `tenant_id` and `client_id`.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table accounts add access text not null default 'delegated'`.execute(db);
  await sql`create table application_access (
    id boolean primary key default true check (id),
    enabled boolean not null default false,
    canaries text[] not null default '{}',
    requested_at timestamptz,
    claimed_until timestamptz,
    tried_at timestamptz,
    failure_reason text,
    failure_code text,
    failure_status integer,
    failure_request_id text,
    outcome text,
    checked_at timestamptz,
    proved_at timestamptz,
    readable text[] not null default '{}',
    missing text[] not null default '{}',
    roles text[],
    tenant_id text,
    client_id text,
    clock_skew_ms integer
  )`.execute(db);
  await sql`
    create trigger audit_access after update of access on accounts
      for each row execute function audit_change('address', 'access', '', '', 'id')`.execute(db);
  await sql`
    create trigger audit_change after insert or delete or update of enabled, canaries, outcome on application_access
      for each row execute function audit_change('', 'enabled canaries outcome', '', '', 'id')`.execute(db);
}
