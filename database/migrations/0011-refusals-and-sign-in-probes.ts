import { type Kysely, sql } from 'kysely';

/**
 * By what Microsoft's support finds a refusal again, how often it was met, and when a needed sign-in is tried next. Older
 * processes leave the new columns as they are: a probe without a time is due at once.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table accounts
    add column condition_status integer,
    add column condition_request_id text,
    add column condition_attempts integer not null default 0,
    add column sign_in_code text,
    add column sign_in_status integer,
    add column sign_in_request_id text,
    -- While a sign-in is needed: when the stored one is tried again. While it is done: its workflow does not know yet
    -- that the stored one works again.
    add column sign_in_probe_at timestamptz`.execute(db);
  await sql`alter table settings add column fault_status integer, add column fault_request_id text`.execute(db);
  await sql`create index accounts_sign_in_probe on accounts (sign_in_probe_at)
    where removed_at is null and (sign_in = 'needed' or sign_in_probe_at is not null)`.execute(db);
}
