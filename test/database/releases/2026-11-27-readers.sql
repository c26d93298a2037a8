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

create index items_account_open on items (account_id) include (state, lease_expires_at) where state <> 'completed';

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

alter table accounts add column sign_in_as text check (sign_in_as = lower(sign_in_as) and sign_in_as <> address);

alter table accounts add column rests_when_quiet boolean not null default false;

alter table settings add column subscription_ceiling_minutes integer check (subscription_ceiling_minutes > 0);

create table watches (
    account_id uuid primary key references accounts on delete cascade,
    due_at timestamptz not null default 'infinity', -- when to look next; infinity: a drain is under way or nobody may look
    rung_at timestamptz, -- the last doorbell
    current_at timestamptz, -- when the mailbox was last proved to hold nothing new
    mail_at timestamptz -- when something was last captured
  ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

create index watches_due on watches (due_at);

insert into watches (account_id, current_at) select id, current_at from accounts;

alter table accounts drop column current_at;

create table subscriptions (
    account_id uuid primary key references accounts on delete cascade,
    graph_id text collate "C" unique, -- Microsoft's id; null: there is none
    expires_at timestamptz,
    due_at timestamptz not null default now(), -- when it is to be made, renewed or looked after
    notified_at timestamptz, -- the last notification, of mail or of its own life
    failures integer not null default 0, -- since it last went well
    failure_reason text,
    failure_code text,
    created_at timestamptz
  );

create table mailbox_budgets (
    account_id uuid primary key references accounts on delete cascade,
    holder uuid, -- the drain that reads the mailbox
    held_until timestamptz not null default '-infinity',
    requests integer[] not null, -- by minute, the newest first; eleven cover ten minutes, whatever the second
    minute bigint not null -- the newest of them, in minutes since 1970
  ) with (fillfactor = 50);

create function requests_by_minute(requests integer[], minute bigint, seen_from bigint) returns integer[]
    language sql immutable
    return (array_fill(0, array[least(11, greatest(0, seen_from - minute))::integer]) || requests
      || array_fill(0, array[11]))[1:11];

create function sum_of(numbers integer[]) returns bigint language sql immutable
    return (select coalesce(sum(number), 0) from unnest(numbers) number);

create table full_mailboxes (
    account_id uuid primary key references accounts on delete cascade,
    since timestamptz not null default now(),
    listed_until timestamptz not null, -- mail received earlier was listed and captured; by the mail server's clock
    delta_due_at timestamptz not null -- when delta is tried again
  );

create table reconciliations (
    account_id uuid primary key references accounts on delete cascade,
    due_at timestamptz not null default now(), -- when the next comparison begins, or a turn of the one under way
    again boolean not null default false, -- asked for while one was under way: another follows
    version integer not null default 1, -- the fence between two attempts of one turn
    started_at timestamptz, -- the comparison under way; null: none is
    capture_from timestamptz, -- as the account's when it began: when that moves, it begins anew
    received_before timestamptz, -- younger mail is left to the drains; by the mail server's clock
    position timestamptz, -- mail received earlier is compared; null: none is yet
    seen integer not null default 0, -- so far: messages in the mailbox
    known integer not null default 0, -- so far: of these captured or in quarantine
    finished_at timestamptz, -- the last comparison that reached its end, and what it found
    in_mailbox integer,
    in_ledger integer, -- captured or in quarantine, after the repair
    repaired integer not null default 0 -- had been missing
  );

create table differences (
    id bigint generated always as identity primary key,
    account_id uuid not null references accounts on delete cascade,
    graph_id text collate "C" not null,
    found_at timestamptz not null default now(),
    received_at timestamptz,
    outcome text not null check (outcome in ('captured', 'quarantined', 'gone')),
    unique (account_id, graph_id)
  );

create index differences_account on differences (account_id, id desc);

create function tell_account_changed() returns trigger language plpgsql as $$
    begin
      if new.routing_version <> old.routing_version then
        perform pg_notify('mailroom_changes', 'routing:' || new.id);
      end if;
      old.clock_skew_ms := new.clock_skew_ms;
      old.updated_at := new.updated_at;
      if old is distinct from new then
        perform pg_notify('mailroom_changes', 'accounts:' || new.id);
      end if;
      return null;
    end
  $$;

create trigger tell_changed after update on accounts
    for each row when (old.* is distinct from new.*) execute function tell_account_changed();

create function tell_accounts_changed() returns trigger language plpgsql as $$
    declare ids uuid[];
    begin
      select array_agg(account_id) into ids from (
        select distinct account_id from changed where account_id is not null limit 21
      ) few;
      if cardinality(ids) > 20 then
        perform pg_notify('mailroom_changes', tg_argv[0]);
      else
        perform pg_notify('mailroom_changes', tg_argv[0] || ':' || id) from unnest(ids) id;
      end if;
      return null;
    end
  $$;

create trigger tell_added after insert on items referencing new table as changed
      for each statement execute function tell_accounts_changed('items');

create trigger tell_added after insert on quarantine referencing new table as changed
      for each statement execute function tell_accounts_changed('items');

create trigger tell_added after insert on drains referencing new table as changed
      for each statement execute function tell_accounts_changed('items');

create trigger tell_added after insert on events referencing new table as changed
      for each statement execute function tell_accounts_changed('accounts');

create trigger tell_added after insert on differences referencing new table as changed
      for each statement execute function tell_accounts_changed('accounts');

create trigger tell_changed after update on items referencing new table as changed
      for each statement execute function tell_accounts_changed('items');

create trigger tell_changed after update on quarantine referencing new table as changed
      for each statement execute function tell_accounts_changed('items');

create function tell_changed() returns trigger language plpgsql as $$
    declare changed jsonb := to_jsonb(coalesce(new, old));
    begin
      perform pg_notify('mailroom_changes', concat_ws(':', tg_argv[0], changed ->> tg_argv[1]));
      return null;
    end
  $$;

create trigger tell_added after insert on accounts for each row execute function tell_changed('accounts', 'id');

create trigger tell_removed after delete on accounts for each row execute function tell_changed('accounts', 'id');

create trigger tell_changed after update on subscriptions
    for each row when (
      (old.graph_id is null) <> (new.graph_id is null) or old.failure_reason is distinct from new.failure_reason
    ) execute function tell_changed('accounts', 'account_id');

create trigger tell_added after insert on subscriptions
    for each row execute function tell_changed('accounts', 'account_id');

create trigger tell_changed after insert or delete on full_mailboxes
    for each row execute function tell_changed('accounts', 'account_id');

create trigger tell_changed after update on reconciliations
    for each row when (old.started_at is distinct from new.started_at)
    execute function tell_changed('accounts', 'account_id');

create trigger tell_changed after insert or update or delete on queues
    for each row execute function tell_changed('queues', 'id');

create trigger tell_changed after insert or update or delete on users
    for each row execute function tell_changed('users', 'id');

create trigger tell_changed after insert or update on settings for each row execute function tell_changed('settings');

create trigger tell_ended after delete on sessions for each row execute function tell_changed('users', 'user_id');

create trigger tell_revoked after update of revoked_at on api_keys
    for each row execute function tell_changed('keys', 'id');

alter table quarantine add preview jsonb;

alter table sign_ins add signed_in_as text;

alter table accounts add removing_since timestamptz;

alter table watches add looking_until timestamptz not null default '-infinity';

alter table accounts add sign_in_number integer not null default 0;

alter table watches add not_before timestamptz not null default '-infinity';

alter table sign_ins add sign_in_as text check (sign_in_as = lower(sign_in_as));


    update sign_ins set sign_in_as = accounts.sign_in_as from accounts where accounts.id = sign_ins.account_id
  ;

alter table subscriptions add notification_url text;

alter table settings add subscription_ceiling_at timestamptz;

create index if not exists items_account_open on items (account_id) include (state, lease_expires_at)
    where state <> 'completed';

alter table full_mailboxes
    add reason text not null default 'quota-exceeded',
    add code text,
    add failures integer not null default 1, -- how often delta failed in this way lately
    add restarts boolean not null default false, -- delta begins a new walk when it is tried again
    add over_at timestamptz -- delta works again; what happened before is remembered for a day
;

alter table cursors add page_size integer check (page_size > 0);

alter table quarantine
    add retry_at timestamptz, -- tried again by itself
    add capture_from timestamptz -- the account's when the message was first put here
;

update quarantine set retry_at = now() where state = 'parked' and reason = 'unreadable';

alter table watches add listed_at timestamptz;

create table unread_attachments (
    message_id uuid primary key references messages on delete cascade,
    account_id uuid not null references accounts on delete cascade,
    graph_id text collate "C" not null,
    code text,
    attempts integer not null default 1,
    retry_at timestamptz not null,
    since timestamptz not null default now()
  );

create index unread_attachments_account on unread_attachments (account_id, retry_at);

alter table accounts
    add column condition_status integer,
    add column condition_request_id text,
    add column condition_attempts integer not null default 0,
    add column sign_in_code text,
    add column sign_in_status integer,
    add column sign_in_request_id text,
    -- While a sign-in is needed: when the stored one is tried again. While it is done: its workflow does not know yet
    -- that the stored one works again.
    add column sign_in_probe_at timestamptz;

alter table settings add column fault_status integer, add column fault_request_id text;

create index accounts_sign_in_probe on accounts (sign_in_probe_at)
    where removed_at is null and (sign_in = 'needed' or sign_in_probe_at is not null);

alter table accounts add inbox_id text collate "C";

create index accounts_inbox on accounts (inbox_id) where inbox_id is not null;

alter table sign_ins add address text check (address = lower(address));

alter table sign_ins add connected_as uuid references accounts on delete set null;

create index messages_internet_message_id on messages (hashtextextended(internet_message_id, 0))
    where internet_message_id is not null;

create table copies (
    account_id uuid not null references accounts on delete cascade,
    graph_id text collate "C" not null,
    message_id uuid references messages on delete set null, -- as what the mail was captured first
    found_at timestamptz not null default now(),
    primary key (account_id, graph_id)
  );

create index copies_message on copies (message_id);

create table inbox_drafts (
    account_id uuid not null references accounts on delete cascade,
    graph_id text collate "C" not null,
    first_at timestamptz not null default now(),
    primary key (account_id, graph_id)
  );

alter table reconciliations add received_earlier integer;


    create table processes (
      id uuid primary key,
      kind text not null check (kind in ('api', 'worker')),
      key_ids text[] not null,
      problem text,
      problem_since timestamptz,
      started_at timestamptz not null default now(),
      seen_at timestamptz not null default now()
    ) with (fillfactor = 50);


    create table key_checks (
      key_id text primary key,
      known_text text not null,
      created_at timestamptz not null default now()
    );

alter table items add claim_request uuid;


    create unlogged table attempt_counts (
      attempt text not null,
      origin_hash bytea not null, -- SHA-256 of a network address: it is compared and never read
      attempts integer not null,
      ends_at timestamptz not null,
      primary key (attempt, origin_hash)
    );

create index attempt_counts_over on attempt_counts (ends_at);

alter table messages add text_form text not null default 'whole';

alter table messages add left_out jsonb;


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
    );

create index account_commands_accepted on account_commands (accepted_at);

alter table accounts add column command_number bigint not null default 0;

alter table watches add state text not null default 'draining' check (state in ('off', 'draining', 'polling'));

update watches set state = case
      when watches.due_at < 'infinity' then 'polling'
      when accounts.enabled and accounts.sign_in = 'done' then 'draining'
      else 'off' end
    from accounts where accounts.id = watches.account_id;

create function watch_state_follows() returns trigger language plpgsql as $$
    begin
      new.state := case when new.due_at < 'infinity' then 'polling' else 'draining' end;
      return new;
    end $$;

create trigger watch_state_follows before insert or update on watches for each row
    when ((new.state = 'polling') <> (new.due_at < 'infinity')) execute function watch_state_follows();

drop index watches_due;

set local statement_timeout = 0;

create table captured (
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
  );

insert into captured (account_id, graph_id, received_at, captured_at)
    select account_id, graph_id, received_at, captured_at from messages;

create function take_into_ledger() returns trigger language plpgsql as $$
    begin
      insert into captured (account_id, graph_id, received_at, captured_at)
        values (new.account_id, new.graph_id, new.received_at, new.captured_at) on conflict do nothing;
      if found then return new; end if;
      return null;
    end
  $$;

create trigger take_into_ledger before insert on messages for each row execute function take_into_ledger();

insert into captured (account_id, graph_id, received_at, captured_at)
    select account_id, graph_id, received_at, captured_at from messages where id >= uuidv7(interval '-1 day')
    on conflict do nothing;

alter table items alter message_id drop not null, add content_deleted_at timestamptz;

create function mail_fingerprint(from_address text, subject text, content text) returns bytea
    language sql immutable parallel safe as $$
      select sha256(convert_to(jsonb_build_array(
        lower(coalesce(from_address, '') collate "C"), subject, regexp_replace(content, '\s+', '', 'g')
      )::text, 'UTF8'))
  $$;

create function attachments_fingerprint(has_attachments boolean, attachments jsonb) returns bytea
    language sql immutable parallel safe as $$
      select case when not has_attachments or attachments <> '[]' then (
        select sha256(convert_to(coalesce(jsonb_agg(
          jsonb_build_array(name, size) order by name collate "C", size
        ), '[]')::text, 'UTF8'))
        from jsonb_to_recordset(attachments) as attachment (name text, size bigint)
      ) end
  $$;

create function keep_in_ledger() returns trigger language plpgsql as $$
    begin
      update captured set
        content_deleted_at = now(),
        message_id_hash = hashtextextended(old.internet_message_id, 0),
        fingerprint = mail_fingerprint(old.from_address, old.subject, coalesce(old.body_html, old.body_text)),
        attachments_fingerprint = attachments_fingerprint(old.has_attachments, (
          select coalesce(jsonb_agg(jsonb_build_object('name', name, 'size', size)), '[]')
          from attachments where message_id = old.id
        ))
      where account_id = old.account_id and graph_id = old.graph_id;
      update items set message_id = null, content_deleted_at = now() where message_id = old.id;
      return old;
    end
  $$;

create trigger keep_in_ledger before delete on messages for each row execute function keep_in_ledger();

create index captured_message_id on captured (message_id_hash) where message_id_hash is not null;

create index captured_deleted on captured (account_id, received_at) where content_deleted_at is not null;

alter table accounts alter default_queue_id drop not null;


    alter table items alter queue_id drop not null,
      drop constraint items_state_check,
      add constraint items_state_check check (state in ('waiting', 'claimed', 'completed', 'unqueued')) not valid,
      add constraint items_queue_check check ((state = 'unqueued') = (queue_id is null)) not valid
  ;

set local statement_timeout = 0;

alter table items validate constraint "items_state_check";

alter table items validate constraint "items_queue_check";


    create table workflow_checks (
      id boolean primary key default true check (id),
      bundle text not null, -- SHA-256 of the workflow code that last came to a worker for the first time
      suspected_at timestamptz, -- since when a workflow may be unable to go on; null: none is suspected
      checked_until timestamptz -- a worker looks at all of them, and no other does until then
    );


    create table stuck_workflows (
      account_id uuid primary key references accounts (id) on delete cascade,
      stuck_since timestamptz, -- null: it went on after it was begun anew
      renewals integer not null default 0,
      renewed_at timestamptz
    );


    create table shown_columns (
      account_id uuid primary key references accounts (id) on delete cascade,
      today integer not null,
      trouble text,
      shown_at timestamptz not null default now()
    ) with (fillfactor = 70);

create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null);

create table kysely_migration_lock (id varchar(255) primary key, is_locked integer default 0 not null);

insert into kysely_migration_lock (id, is_locked) values ('migration_lock', 0);

insert into kysely_migration (name, timestamp) values ('0001-foundation', now()::text);

insert into kysely_migration (name, timestamp) values ('0002-watching', now()::text);

insert into kysely_migration (name, timestamp) values ('0003-change-notices', now()::text);

insert into kysely_migration (name, timestamp) values ('0004-preview-and-removal', now()::text);

insert into kysely_migration (name, timestamp) values ('0005-looks-and-sign-ins', now()::text);

insert into kysely_migration (name, timestamp) values ('0006-looks-apart', now()::text);

insert into kysely_migration (name, timestamp) values ('0007-who-signs-in', now()::text);

insert into kysely_migration (name, timestamp) values ('0008-subscriptions-made-for', now()::text);

insert into kysely_migration (name, timestamp) values ('0009-items-account-open', now()::text);

insert into kysely_migration (name, timestamp) values ('0010-walks', now()::text);

insert into kysely_migration (name, timestamp) values ('0011-refusals-and-sign-in-probes', now()::text);

insert into kysely_migration (name, timestamp) values ('0012-one-mail-one-item', now()::text);

insert into kysely_migration (name, timestamp) values ('0013-processes-and-keys', now()::text);

insert into kysely_migration (name, timestamp) values ('0014-attempt-counts', now()::text);

insert into kysely_migration (name, timestamp) values ('0015-text-forms', now()::text);

insert into kysely_migration (name, timestamp) values ('0015b-left-out', now()::text);

insert into kysely_migration (name, timestamp) values ('0016-account-commands', now()::text);

insert into kysely_migration (name, timestamp) values ('0017-readers', now()::text);

insert into kysely_migration (name, timestamp) values ('0018-ledger', now()::text);

insert into kysely_migration (name, timestamp) values ('0018b-content-deleted', now()::text);

insert into kysely_migration (name, timestamp) values ('0018c-no-queue', now()::text);

insert into kysely_migration (name, timestamp) values ('0018d-no-queue-validated', now()::text);

insert into kysely_migration (name, timestamp) values ('0019-stuck-workflows', now()::text);

insert into kysely_migration (name, timestamp) values ('0019b-shown-columns', now()::text);
