import { type Kysely, sql } from 'kysely';

/**
 * An agent's work on items: parked, joined to another one, kept for a person, tagged, talked about. The new state
 * constraint is validated by the next migration.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'set local statement_timeout = 0',

  `alter table items
    add parked_by text, -- user:<id> or key:<id>
    add parked_at timestamptz,
    add parked_until timestamptz, -- null: only a mail of the customer wakes it
    add park_reason text,
    add assigned_to text, -- for whom it is kept: claiming the next passes it over for others
    add assigned_until timestamptz, -- null: until it is claimed
    add moved_by text,
    add moved_at timestamptz,
    add outcome text,
    add tags text[] not null default '{}',
    add automatic text, -- what sent the mail, if a program did
    add joined_to uuid references items on delete set null, -- the item that this mail is worked with
    drop constraint items_state_check,
    add constraint items_state_check
      check (state in ('waiting', 'claimed', 'completed', 'unqueued', 'parked', 'joined')) not valid`,
  "create index items_parked on items (account_id, parked_until) where state = 'parked'",
  "create index items_parked_until on items (parked_until) where state = 'parked'",
  'create index items_assigned on items (assigned_to) where assigned_to is not null',
  'create index items_joined on items (joined_to) where joined_to is not null',

  `alter table queues
    add conversations text not null default 'separate', -- what a new mail of a known conversation becomes
    add outcomes text[] not null default '{}',
    add tags text[] not null default '{}'`,

  // Few queues; the capture of each page asks whether there are any.
  "create index queues_with_rule on queues (id) where conversations <> 'separate'",

  // A hash, because a conversation id has 150 characters; the rows found are compared with the whole id.
  `create index messages_conversation on messages (account_id, hashtextextended(conversation_id, 0), received_at desc)
    where conversation_id is not null`,
  `create index messages_from on messages (lower(from_address), received_at desc) where from_address is not null`,

  `create table item_notes (
    id uuid primary key default uuidv7(),
    item_id uuid not null references items on delete cascade,
    account_id uuid not null references accounts on delete cascade,
    author text not null, -- user:<id> or key:<id>
    kind text not null default 'note', -- or what it is the reason for
    text text not null,
    at timestamptz not null default now()
  )`,
  'create index item_notes_item on item_notes (item_id, id)',
  `create trigger tell_added after insert on item_notes referencing new table as changed
    for each statement execute function tell_accounts_changed('items')`,

  `create table item_mentions (
    note_id uuid not null references item_notes on delete cascade,
    user_id uuid not null references users on delete cascade,
    item_id uuid not null references items on delete cascade,
    seen_at timestamptz,
    primary key (note_id, user_id)
  )`,
  'create index item_mentions_unseen on item_mentions (user_id) where seen_at is null',

  // Who has the item's page open. Written every few seconds; only what others see of it is announced.
  `create table item_presence (
    item_id uuid not null references items on delete cascade,
    actor text not null,
    doing text not null,
    seen_at timestamptz not null default now(),
    primary key (item_id, actor)
  ) with (fillfactor = 70)`,
  `create trigger tell_changed after insert or delete on item_presence
    for each row execute function tell_changed('presence', 'item_id')`,
  `create trigger tell_doing after update on item_presence
    for each row when (old.doing is distinct from new.doing) execute function tell_changed('presence', 'item_id')`,

  // What happened to an item.
  "create index events_of_item on events (target_id, id desc) where name like 'item.%'",
];
