import type { DatabaseSync } from 'node:sqlite';

/** Creates the tables of what a mailbox's owner sets. */
export function createSettingsSchema(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS graph_mailbox_settings (
      mailbox_id INTEGER PRIMARY KEY REFERENCES graph_mailboxes ON DELETE CASCADE,
      value TEXT NOT NULL
    ) STRICT;

    CREATE TABLE IF NOT EXISTS graph_categories (
      mailbox_id INTEGER NOT NULL REFERENCES graph_mailboxes ON DELETE CASCADE,
      id TEXT NOT NULL,
      display_name TEXT NOT NULL,
      color TEXT NOT NULL,
      is_deleted INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (mailbox_id, id)
    ) STRICT, WITHOUT ROWID;
  `);
}
