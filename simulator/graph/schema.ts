import type { DatabaseSync } from 'node:sqlite';
import { addColumn } from '../add-column.ts';

/**
 * Creates the tables of the simulated mailboxes where they are missing. Times are seconds since 1970. `number` is the
 * counter inside an id (unique in a mailbox); `last_seq` is the mailbox's change number at the item's last change,
 * `entered_seq` at its arrival in the folder: delta works from these two, without an ever-growing log.
 */
export function createMailboxSchema(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS graph_mailboxes (
      id INTEGER PRIMARY KEY,
      oid TEXT NOT NULL UNIQUE,
      address TEXT NOT NULL,
      mailbox_guid TEXT NOT NULL,
      store_guid BLOB NOT NULL,
      replica_guid BLOB NOT NULL,
      last_number INTEGER NOT NULL DEFAULT 1000,
      change_number INTEGER NOT NULL DEFAULT 1000,
      generation INTEGER NOT NULL DEFAULT 0,
      lost_generation INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS graph_mailboxes_by_address ON graph_mailboxes (address);

    CREATE TABLE IF NOT EXISTS graph_folders (
      id INTEGER PRIMARY KEY,
      mailbox_id INTEGER NOT NULL REFERENCES graph_mailboxes ON DELETE CASCADE,
      number INTEGER NOT NULL,
      parent_number INTEGER NOT NULL,
      well_known TEXT,
      display_name TEXT NOT NULL,
      hidden INTEGER NOT NULL,
      total INTEGER NOT NULL DEFAULT 0,
      unread INTEGER NOT NULL DEFAULT 0,
      last_seq INTEGER NOT NULL,
      entered_seq INTEGER NOT NULL,
      UNIQUE (mailbox_id, number),
      UNIQUE (mailbox_id, well_known)
    ) STRICT;
    CREATE INDEX IF NOT EXISTS graph_folders_by_parent ON graph_folders (mailbox_id, parent_number);
    CREATE INDEX IF NOT EXISTS graph_folders_by_seq ON graph_folders (mailbox_id, last_seq);

    CREATE TABLE IF NOT EXISTS graph_folder_removals (
      mailbox_id INTEGER NOT NULL REFERENCES graph_mailboxes ON DELETE CASCADE,
      seq INTEGER NOT NULL,
      number INTEGER NOT NULL,
      PRIMARY KEY (mailbox_id, seq)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE IF NOT EXISTS graph_messages (
      id INTEGER PRIMARY KEY,
      mailbox_id INTEGER NOT NULL REFERENCES graph_mailboxes ON DELETE CASCADE,
      folder_id INTEGER NOT NULL REFERENCES graph_folders ON DELETE CASCADE,
      folder_number INTEGER NOT NULL,
      number INTEGER NOT NULL,
      item_number INTEGER NOT NULL,
      last_seq INTEGER NOT NULL,
      entered_seq INTEGER NOT NULL,
      moved_in INTEGER NOT NULL DEFAULT 0,
      changed TEXT NOT NULL DEFAULT '{}',
      created_at INTEGER NOT NULL,
      modified_at INTEGER NOT NULL,
      received_at INTEGER NOT NULL,
      sent_at INTEGER NOT NULL,
      is_read INTEGER NOT NULL,
      has_attachments INTEGER NOT NULL,
      importance TEXT NOT NULL,
      subject TEXT,
      from_address TEXT,
      internet_message_id TEXT NOT NULL,
      conversation BLOB NOT NULL,
      content TEXT NOT NULL,
      headers TEXT NOT NULL,
      body_text TEXT,
      body_html TEXT,
      UNIQUE (mailbox_id, number),
      UNIQUE (mailbox_id, item_number)
    ) STRICT;
    CREATE INDEX IF NOT EXISTS graph_messages_by_seq ON graph_messages (folder_id, last_seq);
    CREATE INDEX IF NOT EXISTS graph_messages_by_received ON graph_messages (folder_id, received_at, number);
    CREATE INDEX IF NOT EXISTS graph_messages_by_mailbox ON graph_messages (mailbox_id, received_at, number);
    CREATE INDEX IF NOT EXISTS graph_messages_by_modified ON graph_messages (folder_id, modified_at, number);
    CREATE INDEX IF NOT EXISTS graph_messages_by_message_id ON graph_messages (mailbox_id, internet_message_id);

    CREATE TABLE IF NOT EXISTS graph_blobs (
      id INTEGER PRIMARY KEY,
      bytes BLOB NOT NULL
    ) STRICT;

    CREATE TABLE IF NOT EXISTS graph_message_mime (
      message_id INTEGER PRIMARY KEY REFERENCES graph_messages ON DELETE CASCADE,
      mime BLOB NOT NULL
    ) STRICT;

    CREATE TABLE IF NOT EXISTS graph_message_removals (
      folder_id INTEGER NOT NULL REFERENCES graph_folders ON DELETE CASCADE,
      seq INTEGER NOT NULL,
      number INTEGER NOT NULL,
      item_number INTEGER NOT NULL,
      PRIMARY KEY (folder_id, seq)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE IF NOT EXISTS graph_attachments (
      id INTEGER PRIMARY KEY,
      message_id INTEGER NOT NULL REFERENCES graph_messages ON DELETE CASCADE,
      guid BLOB NOT NULL,
      name TEXT NOT NULL,
      content_type TEXT,
      is_inline INTEGER NOT NULL,
      content_id TEXT,
      content_location TEXT,
      size INTEGER NOT NULL,
      item TEXT,
      content BLOB NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS graph_attachments_by_message ON graph_attachments (message_id);

    CREATE TABLE IF NOT EXISTS graph_threads (
      mailbox_id INTEGER NOT NULL REFERENCES graph_mailboxes ON DELETE CASCADE,
      internet_message_id TEXT NOT NULL,
      conversation BLOB NOT NULL,
      conversation_index BLOB NOT NULL,
      PRIMARY KEY (mailbox_id, internet_message_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE IF NOT EXISTS graph_delegations (
      owner_oid TEXT NOT NULL,
      delegate_oid TEXT NOT NULL,
      PRIMARY KEY (owner_oid, delegate_oid)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE IF NOT EXISTS graph_settings (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT;
  `);
  addColumn(database, 'graph_message_mime', 'blob_id', 'INTEGER REFERENCES graph_blobs');
  addColumn(database, 'graph_attachments', 'blob_id', 'INTEGER REFERENCES graph_blobs');
}
