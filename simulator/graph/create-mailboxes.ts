import { randomBytes, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { DirectoryUser } from '../entra/contract.ts';
import { transact } from '../transact.ts';
import type { MailboxGuids } from './identifiers.ts';
import { createMailboxSchema } from './schema.ts';

/** A mailbox's identity; its counters exist only in the database. */
export interface Mailbox extends MailboxGuids {
  readonly id: number;
  /** Object id of the owner. */
  readonly oid: string;
  /** Primary address of the owner in lower case. */
  readonly address: string;
}

export interface Mailboxes {
  /** The user's mailbox, created with its folders on first use. */
  ensure(user: Pick<DirectoryUser, 'oid' | 'address'>): Mailbox;
  findByOid(oid: string): Mailbox | undefined;
  /** Up to `limit` mailboxes whose address contains the text, by address. */
  list(containing: string, limit: number): MailboxSummary[];
  /** A number that no other item of the mailbox has ever had. */
  takeNumber(mailbox: Mailbox): number;
  /** The change number of the current change. Call it inside that change's transaction. */
  takeSeq(mailbox: Mailbox): number;
  currentSeq(mailbox: Mailbox): number;
  /** The newest generation of sync state, and the last one that was lost. */
  generations(mailbox: Mailbox): { newest: number; lost: number };
  takeGeneration(mailbox: Mailbox): number;
  /** Makes all previous delta and next links answer 410. */
  loseSyncState(mailbox: Mailbox): void;
  isDelegate(ownerOid: string, delegateOid: string): boolean;
  setDelegate(ownerOid: string, delegateOid: string, isDelegate: boolean): void;
}

export interface MailboxSummary {
  readonly address: string;
  readonly oid: string;
  readonly messages: number;
  readonly unread: number;
}

/** The folders of a new mailbox, with the counters that recorded ids show for them. */
const STANDARD_FOLDERS = [
  { number: 0x108, parent: 0x107, name: 'msgfolderroot', displayName: 'Top of Information Store', hidden: true },
  { number: 0x10c, parent: 0x108, name: 'inbox', displayName: 'Inbox', hidden: false },
  { number: 0x10b, parent: 0x108, name: 'outbox', displayName: 'Outbox', hidden: false },
  { number: 0x109, parent: 0x108, name: 'sentitems', displayName: 'Sent Items', hidden: false },
  { number: 0x10a, parent: 0x108, name: 'deleteditems', displayName: 'Deleted Items', hidden: false },
  { number: 0x10f, parent: 0x108, name: 'drafts', displayName: 'Drafts', hidden: false },
  { number: 0x119, parent: 0x108, name: 'junkemail', displayName: 'Junk Email', hidden: false },
  { number: 0x115, parent: 0x108, name: 'conversationhistory', displayName: 'Conversation History', hidden: false },
  { number: 0x15d, parent: 0x108, name: 'archive', displayName: 'Archive', hidden: false },
  { number: 0x116, parent: 0x107, name: 'recoverableitemsdeletions', displayName: 'Deletions', hidden: true },
] as const;

export function createMailboxes(database: DatabaseSync): Mailboxes {
  createMailboxSchema(database);
  const columns = 'id, oid, address, mailbox_guid, store_guid, replica_guid';
  const byOid = database.prepare(`SELECT ${columns} FROM graph_mailboxes WHERE oid = ?`);
  const insertMailbox = database.prepare(
    `INSERT INTO graph_mailboxes (oid, address, mailbox_guid, store_guid, replica_guid, created_at)
     VALUES (?, ?, ?, ?, ?, unixepoch()) RETURNING ${columns}`,
  );
  const insertFolder = database.prepare(
    `INSERT INTO graph_folders
       (mailbox_id, number, parent_number, well_known, display_name, hidden, last_seq, entered_seq)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const summaries = database.prepare(
    `SELECT m.address, m.oid, sum(f.total) AS messages, sum(f.unread) AS unread
     FROM (SELECT id, address, oid FROM graph_mailboxes WHERE instr(address, ?) > 0 ORDER BY address LIMIT ?) m
     JOIN graph_folders f ON f.mailbox_id = m.id GROUP BY m.id ORDER BY m.address`,
  );
  const takeNumber = database.prepare(
    'UPDATE graph_mailboxes SET last_number = last_number + 1 WHERE id = ? RETURNING last_number AS value',
  );
  const takeSeq = database.prepare(
    'UPDATE graph_mailboxes SET change_number = change_number + 1 WHERE id = ? RETURNING change_number AS value',
  );
  const takeGeneration = database.prepare(
    'UPDATE graph_mailboxes SET generation = generation + 1 WHERE id = ? RETURNING generation AS value',
  );
  const counters = database.prepare(
    'SELECT change_number, generation, lost_generation FROM graph_mailboxes WHERE id = ?',
  );
  const lose = database.prepare('UPDATE graph_mailboxes SET lost_generation = generation WHERE id = ?');
  const delegation = database.prepare('SELECT 1 FROM graph_delegations WHERE owner_oid = ? AND delegate_oid = ?');
  const known = new Map<string, Mailbox>();

  const remember = (row: Record<string, unknown>): Mailbox => {
    const mailbox: Mailbox = {
      id: Number(row.id),
      oid: String(row.oid),
      address: String(row.address),
      mailboxGuid: String(row.mailbox_guid),
      storeGuid: row.store_guid as Uint8Array,
      replicaGuid: row.replica_guid as Uint8Array,
    };
    known.set(mailbox.oid, mailbox);
    return mailbox;
  };

  const findByOid = (oid: string): Mailbox | undefined => {
    const found = known.get(oid);
    if (found) return found;
    const row = byOid.get(oid);
    return row && remember(row);
  };

  const rename = (mailbox: Mailbox, address: string): Mailbox => {
    database.prepare('UPDATE graph_mailboxes SET address = ? WHERE id = ?').run(address, mailbox.id);
    const renamed = { ...mailbox, address };
    known.set(mailbox.oid, renamed);
    return renamed;
  };

  const countersOf = (mailbox: Mailbox) => counters.get(mailbox.id) ?? {};
  const taken = (row: Record<string, unknown> | undefined): number => Number(row?.value);

  return {
    findByOid,

    ensure(user) {
      const found = findByOid(user.oid);
      if (found) return found.address === user.address ? found : rename(found, user.address);
      return transact(database, () => {
        const guids = [randomUUID(), randomBytes(16), randomBytes(16)] as const;
        const row = insertMailbox.get(user.oid, user.address, ...guids);
        const mailboxId = Number(row?.id);
        for (const [index, { number, parent, name, displayName, hidden }] of STANDARD_FOLDERS.entries()) {
          insertFolder.run(mailboxId, number, parent, name, displayName, Number(hidden), index + 1, index + 1);
        }
        return remember(row ?? {});
      });
    },

    list: (containing, limit) =>
      summaries.all(containing.toLowerCase(), limit).map((row) => ({
        address: String(row.address),
        oid: String(row.oid),
        messages: Number(row.messages),
        unread: Number(row.unread),
      })),

    takeNumber: (mailbox) => taken(takeNumber.get(mailbox.id)),
    takeSeq: (mailbox) => taken(takeSeq.get(mailbox.id)),
    currentSeq: (mailbox) => Number(countersOf(mailbox).change_number),

    generations(mailbox) {
      const row = countersOf(mailbox);
      return { newest: Number(row.generation), lost: Number(row.lost_generation) };
    },

    takeGeneration: (mailbox) => taken(takeGeneration.get(mailbox.id)),

    loseSyncState(mailbox) {
      lose.run(mailbox.id);
    },

    isDelegate: (ownerOid, delegateOid) => delegation.get(ownerOid, delegateOid) !== undefined,

    setDelegate(ownerOid, delegateOid, isDelegate) {
      const statement = isDelegate
        ? 'INSERT OR IGNORE INTO graph_delegations (owner_oid, delegate_oid) VALUES (?, ?)'
        : 'DELETE FROM graph_delegations WHERE owner_oid = ? AND delegate_oid = ?';
      database.prepare(statement).run(ownerOid, delegateOid);
    },
  };
}
