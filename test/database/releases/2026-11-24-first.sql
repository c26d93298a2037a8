create table settings (
    id boolean primary key default true check (id),
    tenant_id text not null,
    client_id text not null,
    client_secret text not null, -- ciphertext
    client_secret_hint text not null, -- the last four characters
    client_secret_set_at timestamptz not null default now(),
    version integer not null default 1,
    fault_reason text,
    fault_code text,
    fault_since timestamptz,
    updated_at timestamptz not null default now()
  );

create table users (
    id uuid primary key default uuidv7(),
    email text not null unique check (email = lower(email)),
    display_name text not null default '',
    profile text not null check (profile in ('Admin', 'Supervisor', 'Agent')),
    enabled boolean not null default true,
    issuer text, -- bound at the first sign-in: from then on the person is (issuer, subject), not the e-mail address
    subject text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    last_signed_in_at timestamptz,
    unique (issuer, subject)
  );

create table sessions (
    id_hash bytea primary key, -- SHA-256 of the cookie: a copy of this table opens no session
    user_id uuid not null references users on delete cascade,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null,
    provider_session text -- ciphertext of the id token, for signing out at the provider
  );

create index sessions_user on sessions (user_id);

create table single_sign_ons (
    state_hash bytea primary key,
    nonce text not null, -- ciphertext
    code_verifier text not null, -- ciphertext
    return_to text not null,
    browser_hash bytea not null, -- SHA-256 of a cookie: the attempt ends in the browser that began it
    expires_at timestamptz not null
  );

create table api_keys (
    id uuid primary key default uuidv7(),
    name text not null unique,
    profile text not null check (profile in ('Admin', 'Supervisor', 'Agent')),
    key_hash bytea not null unique, -- SHA-256: the key has 192 random bits, a slow hash would add nothing
    hint text not null, -- the last four characters
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    revoked_at timestamptz
  );

create table queues (
    id uuid primary key default uuidv7(),
    name text not null,
    description text not null default '',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    removed_at timestamptz
  );

create unique index queues_name on queues (lower(name)) where removed_at is null;

create table accounts (
    id uuid primary key default uuidv7(),
    address text not null check (address = lower(address)), -- the mailbox that is read
    enabled boolean not null default true,
    sign_in text not null default 'awaiting' check (sign_in in ('awaiting', 'expired', 'done', 'needed')),
    sign_in_reason text,
    sign_in_since timestamptz not null default now(),
    -- who signed in: another person than the mailbox once shared mailboxes are served
    identity_tenant_id text,
    identity_object_id text,
    identity_username text,
    identity_name text,
    authenticated_at timestamptz,
    backfill_days integer not null default 0 check (backfill_days between 0 and 365),
    capture_from timestamptz, -- mail received earlier is not routed; by the mail server's clock
    clock_skew_ms integer not null default 0, -- the mail server's clock minus ours
    default_queue_id uuid not null references queues,
    routing_version integer not null default 1,
    current_at timestamptz, -- when the mailbox was last read to its end
    condition_type text, -- what it waits for at the moment: a failure type, or null
    condition_reason text,
    condition_code text,
    condition_since timestamptz,
    condition_until timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    paused_at timestamptz,
    removed_at timestamptz
  );

create unique index accounts_address on accounts (address) where removed_at is null;

create index accounts_default_queue on accounts (default_queue_id);

create table sign_ins (
    id uuid primary key default uuidv7(),
    account_id uuid not null references accounts on delete cascade,
    state_hash bytea not null unique,
    nonce text not null, -- ciphertext
    code_verifier text not null, -- ciphertext
    code text, -- ciphertext; erased when redeemed
    redirect_uri text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz, -- set once, by the callback that wins
    finished_at timestamptz,
    failure_reason text -- null after success
  );

create index sign_ins_account on sign_ins (account_id, created_at desc);

create table token_caches (
    account_id uuid primary key references accounts on delete cascade,
    cache text not null, -- ciphertext
    version bigint not null default 1,
    updated_at timestamptz not null default now()
  );

create table rules (
    id uuid primary key default uuidv7(),
    account_id uuid not null references accounts on delete cascade,
    position integer not null,
    queue_id uuid not null references queues,
    keywords text[] not null check (cardinality(keywords) > 0),
    unique (account_id, position)
  );

create index rules_queue on rules (queue_id);

create table cursors (
    account_id uuid not null references accounts on delete cascade,
    folder text not null,
    link text, -- null: the walk begins at its start
    version bigint not null default 1, -- the fence: a page is written only by who read this version
    received_since timestamptz, -- the filter that the walk began with; null: a walk without filter
    walked integer not null default 0, -- entries since the walk began
    complete boolean not null default false, -- the walk has reached its end at least once
    updated_at timestamptz not null default now(),
    primary key (account_id, folder)
  );

create table messages (
    id uuid primary key default uuidv7(),
    account_id uuid not null references accounts,
    graph_id text collate "C" not null, -- immutable id; two ids may differ by case alone
    change_key text,
    internet_message_id text,
    conversation_id text,
    subject text not null,
    from_name text,
    from_address text,
    sender jsonb,
    recipients jsonb not null, -- { to, cc, bcc, replyTo }: lists of { name, address }
    received_at timestamptz not null,
    sent_at timestamptz,
    body_html text,
    body_text text not null,
    headers jsonb, -- list of { name, value }; null: the mail server did not give them
    importance text not null,
    has_attachments boolean not null,
    captured_at timestamptz not null default now(),
    unique (account_id, graph_id)
  );

create index messages_account_received on messages (account_id, received_at desc, id desc);

create table attachments (
    id uuid primary key default uuidv7(),
    message_id uuid not null references messages on delete cascade,
    position integer not null,
    graph_id text collate "C" not null,
    kind text not null check (kind in ('file', 'item', 'reference')),
    name text not null,
    content_type text,
    size bigint not null, -- bytes, as the mail server counts: more than the decoded file
    is_inline boolean not null,
    content_id text,
    unique (message_id, position)
  );

create table items (
    id uuid primary key default uuidv7(),
    message_id uuid not null unique references messages, -- one message, one item: the ledger of exactly once
    account_id uuid not null references accounts,
    queue_id uuid not null references queues,
    decision jsonb not null, -- why it is here: rule, keyword, version of the rules
    received_at timestamptz not null,
    queued_at timestamptz not null default now(),
    state text not null default 'waiting' check (state in ('waiting', 'claimed', 'completed')),
    claimed_by text, -- user:<id> or key:<id>
    claimed_at timestamptz,
    lease_expires_at timestamptz,
    completed_at timestamptz
  );

create index items_open on items (queue_id, received_at, id) where state <> 'completed';

create index items_queue on items (queue_id, received_at desc, id desc);

create index items_account on items (account_id, queued_at desc);

create table quarantine (
    id uuid primary key default uuidv7(),
    account_id uuid not null references accounts on delete cascade,
    graph_id text collate "C" not null,
    folder text not null,
    reason text not null,
    code text,
    attempts integer not null default 1,
    state text not null default 'parked' check (state in ('parked', 'retrying', 'resolved')),
    first_at timestamptz not null default now(),
    last_at timestamptz not null default now(),
    unique (account_id, graph_id)
  );

create table drains (
    id bigint generated always as identity primary key,
    account_id uuid not null references accounts on delete cascade,
    started_at timestamptz not null,
    finished_at timestamptz not null default now(),
    pages integer not null,
    captured integer not null,
    known integer not null,
    skipped integer not null,
    quarantined integer not null,
    outcome text not null,
    reason text
  );

create index drains_account on drains (account_id, id desc);

create table events (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor text not null, -- user:<id>, key:<id>, cli or mailroom
    name text not null, -- past tense: account.paused
    account_id uuid references accounts on delete cascade,
    target_id uuid, -- the queue, user, key or item it is about
    details jsonb not null default '{}'
  );

create index events_account on events (account_id, id desc) where account_id is not null;

create index events_at on events (at desc);

create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null);

create table kysely_migration_lock (id varchar(255) primary key, is_locked integer default 0 not null);

insert into kysely_migration_lock (id, is_locked) values ('migration_lock', 0);

insert into kysely_migration (name, timestamp) values ('0001-foundation', now()::text);
