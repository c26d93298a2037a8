import { type Kysely, sql } from 'kysely';

/**
 * Mail that Microsoft cannot give, pages that do not come and walks that do not end: what is read by its list and why, how
 * large a page may be, when a message is tried again, and when a mailbox was last checked by its list.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table full_mailboxes
    add reason text not null default 'quota-exceeded',
    add code text,
    add failures integer not null default 1, -- how often delta failed in this way lately
    add restarts boolean not null default false, -- delta begins a new walk when it is tried again
    add over_at timestamptz -- delta works again; what happened before is remembered for a day`,

  // Messages asked for in one page; null: as many as usual.
  `alter table cursors add page_size integer check (page_size > 0)`,

  `alter table quarantine
    add retry_at timestamptz, -- tried again by itself
    add capture_from timestamptz -- the account's when the message was first put here`,

  `update quarantine set retry_at = now() where state = 'parked' and reason = 'unreadable'`,

  `alter table watches add listed_at timestamptz`,

  // Messages that are captured, but not the list of their attachments.
  `create table unread_attachments (
    message_id uuid primary key references messages on delete cascade,
    account_id uuid not null references accounts on delete cascade,
    graph_id text collate "C" not null,
    code text,
    attempts integer not null default 1,
    retry_at timestamptz not null,
    since timestamptz not null default now()
  )`,
  `create index unread_attachments_account on unread_attachments (account_id, retry_at)`,
];
