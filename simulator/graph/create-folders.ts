import type { DatabaseSync } from 'node:sqlite';
import { transact } from '../transact.ts';
import type { Mailbox, Mailboxes } from './create-mailboxes.ts';
import { parseFolderId } from './identifiers.ts';
import type { Restriction } from './parse-filter.ts';

export interface Folder {
  readonly id: number;
  readonly number: number;
  readonly parentNumber: number;
  readonly wellKnown: string | null;
  readonly displayName: string;
  readonly hidden: boolean;
  readonly total: number;
  readonly unread: number;
  readonly children: number;
  readonly lastSeq: number;
}

export interface Folders {
  /** By well-known name (any case) or by id. */
  find(mailbox: Mailbox, nameOrId: string): Folder | undefined;
  findByNumber(mailbox: Mailbox, number: number): Folder | undefined;
  listChildren(mailbox: Mailbox, parent: Folder, includeHidden: boolean, filter?: Restriction | null): Folder[];
  /** Undefined if the parent already has a folder of this name. */
  create(mailbox: Mailbox, parent: Folder, displayName: string, hidden: boolean): Folder | undefined;
  rename(mailbox: Mailbox, folder: Folder, displayName: string): Folder;
  /** Deletes the folder with its folders and messages. */
  remove(mailbox: Mailbox, folder: Folder): void;
  /** Visible folders of the whole tree changed after `since`, oldest change first. */
  changedSince(mailbox: Mailbox, since: number, limit: number): Folder[];
  removedSince(mailbox: Mailbox, since: number, limit: number): { seq: number; number: number }[];
  /** Adds to a folder's counts; the folder then appears in the delta of folders, as with Exchange. */
  count(mailbox: Mailbox, folderId: number, total: number, unread: number, seq: number): void;
}

/** Microsoft's other well-known names; few mailboxes have these folders. */
export const WELL_KNOWN_FOLDERS: ReadonlySet<string> = new Set([
  'archive',
  'clutter',
  'conflicts',
  'conversationhistory',
  'deleteditems',
  'drafts',
  'inbox',
  'junkemail',
  'localfailures',
  'msgfolderroot',
  'outbox',
  'recoverableitemsdeletions',
  'scheduled',
  'searchfolders',
  'sentitems',
  'serverfailures',
  'syncissues',
]);

const COLUMNS = `
  f.id, f.number, f.parent_number, f.well_known, f.display_name, f.hidden, f.total, f.unread, f.last_seq,
  (SELECT count(*) FROM graph_folders c WHERE c.mailbox_id = f.mailbox_id AND c.parent_number = f.number AND c.hidden = 0)
    AS children`;

export function createFolders(database: DatabaseSync, mailboxes: Mailboxes): Folders {
  const byName = database.prepare(`SELECT ${COLUMNS} FROM graph_folders f WHERE mailbox_id = ? AND well_known = ?`);
  const byNumber = database.prepare(`SELECT ${COLUMNS} FROM graph_folders f WHERE mailbox_id = ? AND number = ?`);
  const childrenThat = (condition: string) =>
    database.prepare(
      `SELECT ${COLUMNS} FROM graph_folders f WHERE mailbox_id = ? AND parent_number = ? AND hidden <= ? AND (${condition})
       ORDER BY display_name, number`,
    );
  const children = childrenThat('TRUE');
  const twin = database.prepare(
    'SELECT 1 FROM graph_folders WHERE mailbox_id = ? AND parent_number = ? AND lower(display_name) = lower(?)',
  );
  const insert = database.prepare(
    `INSERT INTO graph_folders (mailbox_id, number, parent_number, display_name, hidden, last_seq, entered_seq)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const renamed = database.prepare('UPDATE graph_folders SET display_name = ?, last_seq = ? WHERE id = ?');
  const remove = database.prepare('DELETE FROM graph_folders WHERE id = ?');
  const removal = database.prepare('INSERT INTO graph_folder_removals (mailbox_id, seq, number) VALUES (?, ?, ?)');
  const changed = database.prepare(
    `SELECT ${COLUMNS} FROM graph_folders f WHERE mailbox_id = ? AND last_seq > ? AND hidden = 0
     ORDER BY last_seq, id LIMIT ?`,
  );
  const removals = database.prepare(
    'SELECT seq, number FROM graph_folder_removals WHERE mailbox_id = ? AND seq > ? ORDER BY seq LIMIT ?',
  );
  const count = database.prepare(
    'UPDATE graph_folders SET total = total + ?, unread = unread + ?, last_seq = ? WHERE id = ? AND mailbox_id = ?',
  );

  const findByNumber = (mailbox: Mailbox, number: number): Folder | undefined => {
    const row = byNumber.get(mailbox.id, number);
    return row && folderFromRow(row);
  };

  const getByNumber = (mailbox: Mailbox, number: number): Folder => {
    const folder = findByNumber(mailbox, number);
    if (!folder) throw new Error(`Folder ${number} vanished`);
    return folder;
  };

  const listChildren: Folders['listChildren'] = (mailbox, parent, includeHidden, filter = null) => {
    const statement = filter ? childrenThat(filter.sql) : children;
    const parameters = filter?.parameters ?? [];
    return statement.all(mailbox.id, parent.number, Number(includeHidden), ...parameters).map(folderFromRow);
  };

  const removeTree = (mailbox: Mailbox, folder: Folder): void => {
    for (const child of listChildren(mailbox, folder, true)) removeTree(mailbox, child);
    remove.run(folder.id);
    removal.run(mailbox.id, mailboxes.takeSeq(mailbox), folder.number);
  };

  return {
    find(mailbox, nameOrId) {
      const name = nameOrId.toLowerCase();
      if (WELL_KNOWN_FOLDERS.has(name)) {
        const row = byName.get(mailbox.id, name);
        return row && folderFromRow(row);
      }
      const number = parseFolderId(mailbox, nameOrId);
      return number === undefined ? undefined : findByNumber(mailbox, number);
    },

    findByNumber,
    listChildren,

    create: (mailbox, parent, displayName, hidden) =>
      transact(database, () => {
        if (twin.get(mailbox.id, parent.number, displayName)) return undefined;
        const number = mailboxes.takeNumber(mailbox);
        const seq = mailboxes.takeSeq(mailbox);
        insert.run(mailbox.id, number, parent.number, displayName, Number(hidden), seq, seq);
        return getByNumber(mailbox, number);
      }),

    rename: (mailbox, folder, displayName) =>
      transact(database, () => {
        renamed.run(displayName, mailboxes.takeSeq(mailbox), folder.id);
        return getByNumber(mailbox, folder.number);
      }),

    remove: (mailbox, folder) => transact(database, () => removeTree(mailbox, folder)),

    changedSince: (mailbox, since, limit) => changed.all(mailbox.id, since, limit).map(folderFromRow),

    removedSince: (mailbox, since, limit) =>
      removals.all(mailbox.id, since, limit).map((row) => ({ seq: Number(row.seq), number: Number(row.number) })),

    count(mailbox, folderId, total, unread, seq) {
      count.run(total, unread, seq, folderId, mailbox.id);
    },
  };
}

function folderFromRow(row: Record<string, unknown>): Folder {
  return {
    id: Number(row.id),
    number: Number(row.number),
    parentNumber: Number(row.parent_number),
    wellKnown: row.well_known === null ? null : String(row.well_known),
    displayName: String(row.display_name),
    hidden: row.hidden === 1,
    total: Number(row.total),
    unread: Number(row.unread),
    children: Number(row.children),
    lastSeq: Number(row.last_seq),
  };
}
