import { type Kysely, sql } from 'kysely';

/**
 * Search (decision 54): a document for each message, written by the workers shortly after the capture. The capture itself
 * only notes the message's id. A deleted message takes its document along.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'set local statement_timeout = 0',

  `create table search_documents (
    message_id uuid primary key references messages on delete cascade,
    received_at timestamptz not null,
    has_attachments boolean not null,
    language text not null, -- a text search configuration
    document tsvector not null -- A: subject, B: sender, C: recipients and file names, D: text
  )`,
  // The planner decides between the index of words and the order by time from how common a word is: by default it knows
  // the thousand most common ones.
  'alter table search_documents alter document set statistics 1000',
  'create index search_documents_words on search_documents using gin (document)',
  'create index search_documents_received on search_documents (received_at desc, message_id desc)',

  // Languages of the documents: a query is stemmed in each of them.
  'create table search_languages (language text primary key)',

  // Messages whose document is missing or out of date.
  'create table search_pending (message_id uuid primary key)',
  `create function note_for_search() returns trigger language plpgsql as $$
    begin
      insert into search_pending select id from changed on conflict do nothing;
      return null;
    end
  $$`,
  `create trigger note_for_search after insert on messages referencing new table as changed
    for each statement execute function note_for_search()`,
  // A list of attachments that could be read later only.
  `create function note_attachments_for_search() returns trigger language plpgsql as $$
    begin
      insert into search_pending select distinct message_id from changed
        where exists (select from search_documents where search_documents.message_id = changed.message_id)
        on conflict do nothing;
      return null;
    end
  $$`,
  `create trigger note_for_search after insert on attachments referencing new table as changed
    for each statement execute function note_attachments_for_search()`,

  // Words of subjects and names, for proposals when nothing is found.
  `create table search_words (
    word text primary key, -- as it is indexed
    messages integer not null
  )`,
  `create table search_upkeep (
    id boolean primary key default true check (id),
    words_at timestamptz not null default '-infinity' -- when search_words was last made
  )`,
  'insert into search_upkeep default values',
  // Trusted since PostgreSQL 13: creating it takes the right to create in the database. Without it there are no proposals.
  `do $$
    begin
      create extension if not exists pg_trgm;
      create index search_words_similar on search_words using gin (word gin_trgm_ops);
    exception when insufficient_privilege or undefined_file or feature_not_supported or undefined_object then
      raise notice 'pg_trgm is not available: searches propose no other spellings';
    end
  $$`,
];
