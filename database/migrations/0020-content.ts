import { type Kysely, sql } from 'kysely';

/**
 * What reading needs beyond the text: facts of the message, and the content of attachments, which is read from the
 * mailbox when a person asks for it and kept for a while (decision 46).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table messages
    add web_link text, -- null: not known, as of mail captured by an earlier release
    add categories jsonb not null default '[]', -- list of names
    add meeting text -- request, response or notice; null: an ordinary mail`,

  // One row for each attempt to read; at most one of them is whole.
  `create table contents (
    id uuid primary key default uuidv7(),
    message_id uuid not null references messages on delete cascade,
    attachment_id uuid references attachments on delete cascade, -- null: the message itself, as MIME
    started_at timestamptz not null default now(),
    completed_at timestamptz, -- null: being read, or never finished
    used_at timestamptz not null default now(),
    chunks integer not null default 0,
    size bigint not null default 0, -- bytes, counted
    picture_type text, -- a picture that browsers show safely, by its first bytes
    risk text, -- why a person should think twice, by name and first bytes
    verdict text, -- of the scanner: clean, infected, unscanned; null: there is none
    finding text -- what it found, or why it did not scan
  )`,
  'create unique index contents_whole on contents (coalesce(attachment_id, message_id)) where completed_at is not null',
  'create index contents_message on contents (message_id)',
  'create index contents_attachment on contents (attachment_id) where attachment_id is not null',
  'create index contents_used on contents (used_at)',

  // Unlogged: it is a cache, and a mail of 100 MB would be written twice. After a crash of the server it is empty.
  `create unlogged table content_chunks (
    content_id uuid not null references contents on delete cascade,
    number integer not null,
    key_id text not null,
    data bytea not null, -- ciphertext
    primary key (content_id, number)
  )`,
  // Ciphertext does not shrink.
  'alter table content_chunks alter data set storage external',

  // Microsoft allows four requests at once for a mailbox: three are of drains, the fourth of polls or of this.
  `create table content_turns (
    account_id uuid primary key references accounts on delete cascade,
    holder uuid,
    held_until timestamptz not null default '-infinity',
    not_before timestamptz not null default '-infinity' -- the time that Microsoft named
  )`,
];
