import { type Kysely, sql } from 'kysely';

/**
 * One mailbox is one account, and one mail is one item: what Graph calls the inbox names the mailbox, whichever address
 * was entered; a mail that came back under another id is linked to its message. Drafts in the inbox are read again later, and
 * what is left out on purpose is counted.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // The id of the inbox holds the mailbox's GUID: the same for all its addresses, and for everyone who may read it.
  'alter table accounts add inbox_id text collate "C"',
  'create index accounts_inbox on accounts (inbox_id) where inbox_id is not null',

  // The address that the account has once this attempt succeeded; null: the one that it has.
  'alter table sign_ins add address text check (address = lower(address))',
  // The account that reads the mailbox already, where that is why the attempt was refused.
  'alter table sign_ins add connected_as uuid references accounts on delete set null',

  // A hash, because an index entry holds 2,700 bytes and a Message-ID may be longer.
  `create index messages_internet_message_id on messages (hashtextextended(internet_message_id, 0))
    where internet_message_id is not null`,
  `create table copies (
    account_id uuid not null references accounts on delete cascade,
    graph_id text collate "C" not null,
    message_id uuid references messages on delete set null, -- as what the mail was captured first
    found_at timestamptz not null default now(),
    primary key (account_id, graph_id)
  )`,
  'create index copies_message on copies (message_id)',

  // Drafts that lie in an inbox: one that still does after an hour is mail that a program put there.
  `create table inbox_drafts (
    account_id uuid not null references accounts on delete cascade,
    graph_id text collate "C" not null,
    first_at timestamptz not null default now(),
    primary key (account_id, graph_id)
  )`,

  // What the last comparison counted and left out on purpose: received before mail is captured.
  'alter table reconciliations add received_earlier integer',
];
