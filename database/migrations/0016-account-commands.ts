import { type Kysely, sql } from 'kysely';

/**
 * Commands to accounts, with what became of them. `number` is the order in which they were accepted; `accounts.command_number`
 * is the highest that was carried out, so that a late attempt of an earlier one changes nothing. No foreign key: accepting a
 * command must not wait for the account's row.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table account_commands (
      id uuid primary key,
      account_id uuid not null,
      name text not null,
      number bigint generated always as identity,
      attempts integer not null default 1, -- how often it was asked for
      accepted_at timestamptz not null default now(),
      outcome text, -- null: not carried out until now
      state text,
      receipt jsonb, -- of a removal
      carried_out_at timestamptz
    )`.execute(db);
  await sql`create index account_commands_accepted on account_commands (accepted_at)`.execute(db);
  await sql`alter table accounts add column command_number bigint not null default 0`.execute(db);
}
