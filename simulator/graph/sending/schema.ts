import type { DatabaseSync } from 'node:sqlite';

/**
 * Creates the tables of what is written and sent. `graph_sent_mails` is both the queue of mails that were accepted and
 * the record of those that left; `due_at` is in milliseconds, the other times are in seconds since 1970.
 */
export function createSendingSchema(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS graph_extended_properties (
      message_id INTEGER NOT NULL REFERENCES graph_messages ON DELETE CASCADE,
      key TEXT NOT NULL,
      id TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (message_id, key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE IF NOT EXISTS graph_send_rights (
      owner_oid TEXT NOT NULL,
      user_oid TEXT NOT NULL,
      send_right TEXT NOT NULL,
      PRIMARY KEY (owner_oid, user_oid)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE IF NOT EXISTS graph_sent_mails (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      mailbox_id INTEGER NOT NULL REFERENCES graph_mailboxes ON DELETE CASCADE,
      message_number INTEGER NOT NULL,
      is_saved INTEGER NOT NULL,
      copies INTEGER NOT NULL DEFAULT 1,
      accepted_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL,
      sent_at INTEGER,
      sender TEXT NOT NULL,
      from_address TEXT NOT NULL,
      recipients TEXT NOT NULL,
      subject TEXT,
      internet_message_id TEXT NOT NULL,
      delivered_to TEXT NOT NULL DEFAULT '[]',
      bounced_to TEXT NOT NULL DEFAULT '[]',
      mime BLOB NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS graph_sent_mails_by_mailbox ON graph_sent_mails (mailbox_id, due_at);
    CREATE INDEX IF NOT EXISTS graph_sent_mails_pending ON graph_sent_mails (due_at) WHERE sent_at IS NULL;

    CREATE TABLE IF NOT EXISTS graph_upload_sessions (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      token TEXT NOT NULL UNIQUE,
      mailbox_oid TEXT NOT NULL,
      message_number INTEGER NOT NULL,
      item TEXT NOT NULL,
      size INTEGER NOT NULL,
      received INTEGER NOT NULL DEFAULT 0,
      expires_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE IF NOT EXISTS graph_upload_ranges (
      session_id INTEGER NOT NULL REFERENCES graph_upload_sessions ON DELETE CASCADE,
      start INTEGER NOT NULL,
      bytes BLOB NOT NULL,
      PRIMARY KEY (session_id, start)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE IF NOT EXISTS graph_undeliverable (
      address TEXT PRIMARY KEY,
      status TEXT NOT NULL,
      diagnostic TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `);
}
