import { type Kysely, sql } from 'kysely';

/** Items offered to persons (decision 56). */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'set local statement_timeout = 0',
  'alter table queues add offers jsonb', // null: its items are not offered
  'create index queues_with_offers on queues (id) where offers is not null',
  'alter table users add capacity integer', // null: the default

  `create table agent_availability (
    user_id uuid primary key references users on delete cascade,
    state text not null,
    because text, -- why away
    since timestamptz not null default now(),
    seen_at timestamptz not null default now(), -- the last report of a page
    active_at timestamptz not null default now(), -- the last sign of the person
    idle_since timestamptz not null default now()
  ) with (fillfactor = 70)`,
  // Not what pages report every half minute.
  `create trigger tell_changed after update on agent_availability
    for each row when (old.state is distinct from new.state) execute function tell_changed('offers', 'user_id')`,
  `create trigger tell_added after insert on agent_availability
    for each row execute function tell_changed('offers', 'user_id')`,

  // Without a reference to users: who removes a user must not wait for a round that offers, nor the other way round.
  `create table offers (
    id uuid primary key default uuidv7(),
    item_id uuid not null references items on delete cascade,
    queue_id uuid not null,
    user_id uuid not null,
    offered_at timestamptz not null default now(),
    expires_at timestamptz not null,
    outcome text, -- null: open
    ended_at timestamptz
  )`,
  // No item is offered to two people at a time.
  'create unique index offers_open on offers (item_id) where outcome is null',
  'create index offers_open_of_user on offers (user_id) where outcome is null',
  'create index offers_item on offers (item_id)',
  `create trigger tell_changed after insert or update on offers
    for each row execute function tell_changed('offers', 'user_id')`,

  // What each person holds; about a second for a million items.
  "create index items_claimed on items (claimed_by) where state = 'claimed'",
];
