import type { DatabaseSync } from 'node:sqlite';
import type { Mailbox } from '../create-mailboxes.ts';

/** What an owner set; everything else is as Exchange sets it. */
export interface MailboxSettingsStore {
  read(mailbox: Mailbox): Record<string, unknown>;
  write(mailbox: Mailbox, settings: Readonly<Record<string, unknown>>): void;
}

export function createMailboxSettings(database: DatabaseSync): MailboxSettingsStore {
  const find = database.prepare('SELECT value FROM graph_mailbox_settings WHERE mailbox_id = ?');
  const put = database.prepare('INSERT OR REPLACE INTO graph_mailbox_settings (mailbox_id, value) VALUES (?, ?)');
  return {
    read(mailbox) {
      const row = find.get(mailbox.id);
      return row ? JSON.parse(String(row.value)) : {};
    },
    write(mailbox, settings) {
      put.run(mailbox.id, JSON.stringify(settings));
    },
  };
}
