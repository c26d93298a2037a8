import { type Kysely, sql } from 'kysely';

/** How long things are kept, what a hold keeps, and erasures with their receipts (decision 70). */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Days; null: for ever. An upgrade deletes neither mail nor history.
  `create table retention (
    id boolean primary key default true check (id),
    content_days integer,
    item_days integer,
    event_days integer,
    sign_in_days integer default 90,
    quarantine_days integer default 90,
    version bigint not null default 1,
    swept_at timestamptz, -- when the last sweep ended
    swept jsonb -- what it deleted
  )`,
  'insert into retention default values',

  `create table holds (
    id uuid primary key default uuidv7(),
    scope text not null,
    account_id uuid references accounts on delete cascade,
    address text, -- folded
    item_id uuid references items on delete cascade,
    reason text not null,
    placed_by text not null,
    placed_at timestamptz not null default now(),
    lifted_by text,
    lifted_at timestamptz
  )`,
  'create index holds_standing on holds (scope) where lifted_at is null',

  `create table erasures (
    id uuid primary key default uuidv7(),
    scope text not null,
    account_id uuid references accounts on delete cascade,
    item_id uuid,
    address text, -- folded; null once it is done
    address_hint text,
    address_hash bytea, -- sha256 of the id and the address
    reason text not null,
    requested_by text not null,
    requested_at timestamptz not null default now(),
    listed_at timestamptz, -- when its work list was made
    finished_at timestamptz,
    messages bigint not null default 0,
    answers bigint not null default 0,
    notes bigint not null default 0,
    items_completed bigint not null default 0
  )`,
  // The same request again is the same erasure while it is not done.
  `create unique index erasures_open on erasures (scope, coalesce(address, item_id::text, account_id::text))
    where finished_at is null`,
  `create table erasure_items (
    erasure_id uuid not null references erasures on delete cascade,
    item_id uuid not null,
    primary key (erasure_id, item_id)
  )`,

  // Completed items whose content is still there: what each sweep begins with.
  `create index items_content_kept on items (completed_at) where state = 'completed' and message_id is not null`,
];
