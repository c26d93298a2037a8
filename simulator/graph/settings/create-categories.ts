import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { transact } from '../../transact.ts';
import type { Mailbox } from '../create-mailboxes.ts';

export interface Category {
  readonly id: string;
  readonly displayName: string;
  readonly color: string;
}

/** The list of a mailbox's categories: names with colours. Mails name their categories whether the list has them or not. */
export interface Categories {
  list(mailbox: Mailbox): Category[];
  find(mailbox: Mailbox, id: string): Category | undefined;
  /** Undefined if the name is taken. */
  create(mailbox: Mailbox, displayName: string, color: string): Category | undefined;
  recolour(mailbox: Mailbox, id: string, color: string): void;
  remove(mailbox: Mailbox, id: string): void;
}

/** The categories of a new mailbox. */
const STANDARD = [
  ['Red category', 'preset0'],
  ['Orange category', 'preset1'],
  ['Yellow category', 'preset3'],
  ['Green category', 'preset4'],
  ['Blue category', 'preset7'],
  ['Purple category', 'preset8'],
] as const;

export function createCategories(database: DatabaseSync): Categories {
  const any = database.prepare('SELECT 1 FROM graph_categories WHERE mailbox_id = ?');
  const all = database.prepare(
    `SELECT id, display_name, color FROM graph_categories WHERE mailbox_id = ? AND is_deleted = 0
     ORDER BY display_name, id`,
  );
  const insert = database.prepare(
    'INSERT INTO graph_categories (mailbox_id, id, display_name, color) VALUES (?, ?, ?, ?)',
  );
  const setColor = database.prepare('UPDATE graph_categories SET color = ? WHERE mailbox_id = ? AND id = ?');
  // A deleted one stays as a row, so that a list that was emptied is not taken for that of a new mailbox.
  const remove = database.prepare('UPDATE graph_categories SET is_deleted = 1 WHERE mailbox_id = ? AND id = ?');

  const list = (mailbox: Mailbox): Category[] => {
    if (!any.get(mailbox.id)) {
      transact(database, () => {
        for (const [name, color] of STANDARD) insert.run(mailbox.id, randomUUID(), name, color);
      });
    }
    return all.all(mailbox.id).map((row) => ({
      id: String(row.id),
      displayName: String(row.display_name),
      color: String(row.color),
    }));
  };

  return {
    list,
    find: (mailbox, id) => list(mailbox).find((category) => category.id === id),
    create(mailbox, displayName, color) {
      const folded = displayName.toLowerCase();
      if (list(mailbox).some((category) => category.displayName.toLowerCase() === folded)) return undefined;
      const id = randomUUID();
      insert.run(mailbox.id, id, displayName, color);
      return { id, displayName, color };
    },
    recolour(mailbox, id, color) {
      setColor.run(color, mailbox.id, id);
    },
    remove(mailbox, id) {
      remove.run(mailbox.id, id);
    },
  };
}
