import { type Kysely, sql } from 'kysely';

/**
 * The ledger of exactly once apart from the content: one row for each message that was ever captured, which stays when the
 * message is deleted (decision 38).
 *
 * Filled before the trigger is created: `create trigger` keeps writers out until the transaction ends, and a large table
 * takes minutes. What was written while it was filled comes after that: the rows of the last day, by their ids.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'set local statement_timeout = 0',

  `create table captured (
    account_id uuid not null references accounts on delete cascade,
    graph_id text collate "C" not null, -- immutable id; two ids may differ by case alone
    received_at timestamptz not null,
    captured_at timestamptz not null default now(),
    content_deleted_at timestamptz, -- null: the message is in messages
    -- What a mail is recognised by under another id (decision 32), from the deletion of its content on.
    message_id_hash bigint,
    fingerprint bytea,
    attachments_fingerprint bytea, -- null: the list could not be read
    primary key (account_id, graph_id)
  )`,
  `insert into captured (account_id, graph_id, received_at, captured_at)
    select account_id, graph_id, received_at, captured_at from messages`,

  // Decides for every writer, also for a worker of an earlier release, which knows messages alone: a message that is in
  // the ledger is not written again.
  `create function take_into_ledger() returns trigger language plpgsql as $$
    begin
      insert into captured (account_id, graph_id, received_at, captured_at)
        values (new.account_id, new.graph_id, new.received_at, new.captured_at) on conflict do nothing;
      if found then return new; end if;
      return null;
    end
  $$`,
  'create trigger take_into_ledger before insert on messages for each row execute function take_into_ledger()',
  `insert into captured (account_id, graph_id, received_at, captured_at)
    select account_id, graph_id, received_at, captured_at from messages where id >= uuidv7(interval '-1 day')
    on conflict do nothing`,
];
