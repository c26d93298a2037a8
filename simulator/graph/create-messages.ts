import type { DatabaseSync } from 'node:sqlite';
import type { ReceivedMail } from '../mail/received-mail.ts';
import { transact } from '../transact.ts';
import type { Folder, Folders } from './create-folders.ts';
import type { Mailbox, Mailboxes } from './create-mailboxes.ts';
import { type Arrival, createDelivery } from './deliver-mail.ts';
import type { ExtendedProperties } from './drafts/create-extended-properties.ts';
import { parseMessageId } from './identifiers.ts';
import { MESSAGE_COLUMNS, messageFromRow, type StoredBody, type StoredMessage } from './stored-message.ts';

/** Changes to a message; `content` merges into its properties. */
export interface MessageChanges {
  readonly isRead?: boolean | undefined;
  readonly content?: Readonly<Record<string, unknown>> | undefined;
}

export interface Messages {
  deliver(
    mailbox: Mailbox,
    folder: Folder,
    mail: ReceivedMail,
    mime: Uint8Array | null,
    receivedAt: Date,
    arrival?: Arrival,
  ): StoredMessage;
  /** By either form of id. A default id no longer works once the message has moved, as with Exchange. */
  find(mailbox: Mailbox, id: string): StoredMessage | undefined;
  /** By the number that it keeps for life. */
  findByNumber(mailbox: Mailbox, number: number): StoredMessage | undefined;
  update(mailbox: Mailbox, message: StoredMessage, changes: MessageChanges): StoredMessage;
  move(mailbox: Mailbox, message: StoredMessage, target: Folder): StoredMessage;
  copy(mailbox: Mailbox, message: StoredMessage, target: Folder): StoredMessage;
  remove(mailbox: Mailbox, message: StoredMessage): void;
  /** Newest first. */
  listNewest(folder: Folder, limit: number): StoredMessage[];
  readBody(message: StoredMessage): StoredBody;
  readHeaders(message: StoredMessage): unknown;
  /** The bytes as delivered; undefined for a message that was written here. */
  readMime(message: StoredMessage): Uint8Array | undefined;
}

export function createMessages(
  database: DatabaseSync,
  mailboxes: Mailboxes,
  folders: Folders,
  extendedProperties: ExtendedProperties,
): Messages {
  const byNumber = database.prepare(
    `SELECT ${MESSAGE_COLUMNS} FROM graph_messages m WHERE mailbox_id = ? AND number = ?`,
  );
  const byItemNumber = database.prepare(
    `SELECT ${MESSAGE_COLUMNS} FROM graph_messages m WHERE mailbox_id = ? AND item_number = ?`,
  );
  const updated = database.prepare(
    `UPDATE graph_messages SET last_seq = ?, changed = ?, modified_at = unixepoch(), is_read = ?, importance = ?,
       subject = ?, content = ? WHERE id = ?`,
  );
  const moved = database.prepare(
    `UPDATE graph_messages SET folder_id = ?, folder_number = ?, item_number = ?, last_seq = ?, entered_seq = ?,
       moved_in = 1, changed = '{}', modified_at = unixepoch() WHERE id = ?`,
  );
  const removal = database.prepare(
    'INSERT INTO graph_message_removals (folder_id, seq, number, item_number) VALUES (?, ?, ?, ?)',
  );
  const copied = database.prepare(
    `INSERT INTO graph_messages (mailbox_id, folder_id, folder_number, number, item_number, last_seq, entered_seq,
       created_at, modified_at, received_at, sent_at, is_read, has_attachments, importance, subject, from_address,
       internet_message_id, conversation, content, headers, body_text, body_html)
     SELECT mailbox_id, :folderId, :folderNumber, :number, :number, :seq, :seq, unixepoch(), unixepoch(), received_at,
       sent_at, is_read, has_attachments, importance, subject, from_address, internet_message_id, conversation,
       content, headers, body_text, body_html
     FROM graph_messages WHERE id = :id RETURNING id`,
  );
  const copiedMime = database.prepare(
    `INSERT INTO graph_message_mime (message_id, mime, blob_id)
     SELECT ?, mime, blob_id FROM graph_message_mime WHERE message_id = ?`,
  );
  const copiedAttachments = database.prepare(
    `INSERT INTO graph_attachments
       (message_id, guid, name, content_type, is_inline, content_id, content_location, size, item, content, blob_id)
     SELECT ?, randomblob(16), name, content_type, is_inline, content_id, content_location, size, item, content, blob_id
     FROM graph_attachments WHERE message_id = ? ORDER BY id`,
  );
  const remove = database.prepare('DELETE FROM graph_messages WHERE id = ?');
  const newest = database.prepare(
    `SELECT ${MESSAGE_COLUMNS} FROM graph_messages m WHERE folder_id = ? ORDER BY received_at DESC, number DESC LIMIT ?`,
  );
  const body = database.prepare('SELECT body_text, body_html FROM graph_messages WHERE id = ?');
  const headers = database.prepare('SELECT headers FROM graph_messages WHERE id = ?');
  const mime = database.prepare(`SELECT coalesce(b.bytes, m.mime) AS mime
     FROM graph_message_mime m LEFT JOIN graph_blobs b ON b.id = m.blob_id WHERE m.message_id = ?`);
  const deliver = createDelivery(database, mailboxes, folders, extendedProperties);

  const getByNumber = (mailbox: Mailbox, number: number): StoredMessage => {
    const row = byNumber.get(mailbox.id, number);
    if (!row) throw new Error(`Message ${number} vanished`);
    return messageFromRow(row);
  };

  const leave = (mailbox: Mailbox, message: StoredMessage): void => {
    const seq = mailboxes.takeSeq(mailbox);
    removal.run(message.folderId, seq, message.number, message.itemNumber);
    folders.count(mailbox, message.folderId, -1, message.isRead ? 0 : -1, seq);
  };

  return {
    deliver: (mailbox, folder, mail, raw, receivedAt, arrival) =>
      getByNumber(mailbox, deliver(mailbox, folder, mail, raw, receivedAt, arrival)),

    find(mailbox, id) {
      const parsed = parseMessageId(mailbox, id);
      if (!parsed) return undefined;
      const row =
        parsed.form === 'immutable'
          ? byNumber.get(mailbox.id, parsed.number)
          : byItemNumber.get(mailbox.id, parsed.itemNumber);
      const message = row && messageFromRow(row);
      const isElsewhere = parsed.form === 'default' && message?.folderNumber !== parsed.folderNumber;
      return isElsewhere ? undefined : message;
    },

    findByNumber(mailbox, number) {
      const row = byNumber.get(mailbox.id, number);
      return row && messageFromRow(row);
    },

    update: (mailbox, message, changes) =>
      transact(database, () => {
        const seq = mailboxes.takeSeq(mailbox);
        const isRead = changes.isRead ?? message.isRead;
        const content = { ...message.content, ...changes.content };
        const names = [...(changes.isRead === undefined ? [] : ['isRead']), ...Object.keys(changes.content ?? {})];
        const changed = { ...message.changed, ...Object.fromEntries(names.map((name) => [name, seq])) };
        updated.run(
          seq,
          JSON.stringify(changed),
          Number(isRead),
          String(content.importance),
          content.subject === null ? null : String(content.subject),
          JSON.stringify(content),
          message.id,
        );
        folders.count(mailbox, message.folderId, 0, Number(message.isRead) - Number(isRead), seq);
        return getByNumber(mailbox, message.number);
      }),

    move: (mailbox, message, target) =>
      transact(database, () => {
        if (target.id === message.folderId) return message;
        leave(mailbox, message);
        const seq = mailboxes.takeSeq(mailbox);
        moved.run(target.id, target.number, mailboxes.takeNumber(mailbox), seq, seq, message.id);
        folders.count(mailbox, target.id, 1, message.isRead ? 0 : 1, seq);
        return getByNumber(mailbox, message.number);
      }),

    copy: (mailbox, message, target) =>
      transact(database, () => {
        const number = mailboxes.takeNumber(mailbox);
        const seq = mailboxes.takeSeq(mailbox);
        const row = copied.get({
          folderId: target.id,
          folderNumber: target.number,
          number,
          seq,
          id: message.id,
        });
        copiedMime.run(Number(row?.id), message.id);
        copiedAttachments.run(Number(row?.id), message.id);
        extendedProperties.copy(message.id, Number(row?.id));
        folders.count(mailbox, target.id, 1, message.isRead ? 0 : 1, seq);
        return getByNumber(mailbox, number);
      }),

    remove: (mailbox, message) =>
      transact(database, () => {
        leave(mailbox, message);
        remove.run(message.id);
      }),

    listNewest: (folder, limit) => newest.all(folder.id, limit).map(messageFromRow),

    readBody(message) {
      const row = body.get(message.id);
      return { text: (row?.body_text as string | null) ?? null, html: (row?.body_html as string | null) ?? null };
    },

    readHeaders: (message) => JSON.parse(String(headers.get(message.id)?.headers ?? '[]')),

    readMime: (message) => mime.get(message.id)?.mime as Uint8Array | undefined,
  };
}
