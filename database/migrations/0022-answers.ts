import { type Kysely, sql } from 'kysely';

/**
 * Drafts and answers (decision 49): one row from its first word to the sent mail, so that a failed answer is its own draft.
 * What sending learns (the draft at Graph, that sending was requested) is written before the step that depends on it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table answers (
    id uuid primary key default uuidv7(),
    item_id uuid not null references items (id) on delete cascade,
    account_id uuid not null references accounts (id) on delete cascade,
    kind text not null,
    state text not null default 'draft',
    author text not null, -- user:<id> or key:<id>; mailroom: an automatic answer
    recipients jsonb not null,
    subject text not null,
    format text not null,
    body text not null,
    includes_quote boolean not null,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    send_keys text[] not null default '{}', -- names of the requests that sent it
    sent_by text,
    scheduled_at timestamptz,
    send_at timestamptz,
    completed_item boolean not null default false, -- sending it completed the item
    attempt integer not null default 0, -- the attempt that may write; a later one shuts out the earlier
    tried_at timestamptz, -- the last sign of life of the attempt
    retry_at timestamptz,
    reason text, -- why it is not sent, or what it waits for
    code text,
    status integer,
    request_id text,
    reason_since timestamptz,
    graph_id text, -- the immutable id of the draft at Graph, which the sent mail keeps
    quote text, -- the body of that draft before ours was put in: Graph's own quote
    graph_attachments text[] not null default '{}', -- those that the draft came with
    send_requested_at timestamptz, -- from here on it may have been sent
    send_accepted_at timestamptz, -- Graph accepted it
    internet_message_id text,
    web_link text,
    ended_at timestamptz -- sent, failed, unknown or discarded since
  )`,
  // One open draft for each item, person and kind.
  `create unique index answers_open_draft on answers (item_id, author, kind) where state = 'draft'`,
  `create index answers_item on answers (item_id)`,
  `create index answers_under_way on answers (send_at) where state in ('scheduled', 'sending')`,
  `create index answers_unsettled on answers (sent_by, ended_at) where state in ('failed', 'unknown')`,
  // Answers of a mailbox in the last day: the loop guard.
  `create index answers_scheduled on answers (account_id, scheduled_at) where scheduled_at is not null`,

  // Like messages, texts are stored in clear; files are encrypted, in parts that fit into memory.
  `create table answer_attachments (
    id uuid primary key default uuidv7(),
    answer_id uuid not null references answers (id) on delete cascade,
    name text not null,
    content_type text not null,
    size bigint not null default 0,
    is_inline boolean not null default false,
    content_id text,
    graph_id text, -- at Graph, once it is in the draft there
    is_complete boolean not null default false,
    created_at timestamptz not null default now()
  )`,
  `create index answer_attachments_answer on answer_attachments (answer_id)`,
  `create table answer_attachment_parts (
    attachment_id uuid not null references answer_attachments (id) on delete cascade,
    number integer not null,
    key_id text not null,
    data bytea not null,
    primary key (attachment_id, number)
  )`,

  `create table signatures (
    owner text primary key, -- user:<id>, key:<id> or account:<id>
    body text not null, -- HTML
    updated_at timestamptz not null default now(),
    updated_by text not null
  )`,
  `create table canned_answers (
    id uuid primary key default uuidv7(),
    name text not null,
    body text not null, -- HTML with placeholders
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    updated_by text not null
  )`,
  `create unique index canned_answers_name on canned_answers (lower(name))`,

  `alter table settings add sending_enabled boolean not null default false`,
  `alter table accounts add sending_enabled boolean not null default false,
    add sending_granted boolean not null default false`,
  `alter table sign_ins add for_sending boolean not null default false`,

  // Autosaving is not announced: only that an answer begins, ends, waits, or passes to another person.
  `create function tell_answer_changed() returns trigger language plpgsql as $$
    begin
      perform pg_notify('mailroom_changes', 'answers:' || coalesce(new.item_id, old.item_id));
      return null;
    end
  $$`,
  `create trigger tell_added after insert on answers for each row execute function tell_answer_changed()`,
  `create trigger tell_removed after delete on answers for each row execute function tell_answer_changed()`,
  `create trigger tell_changed after update on answers
    for each row when (
      old.state is distinct from new.state or old.author is distinct from new.author
      or old.reason is distinct from new.reason or old.retry_at is distinct from new.retry_at
    ) execute function tell_answer_changed()`,
];
