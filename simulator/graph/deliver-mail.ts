import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { framedHtml, withCrLf } from '../mail/convert-body.ts';
import type { ReceivedMail } from '../mail/received-mail.ts';
import { transact } from '../transact.ts';
import { continueConversation, startConversation } from './conversation-index.ts';
import type { Folder, Folders } from './create-folders.ts';
import type { Mailbox, Mailboxes } from './create-mailboxes.ts';
import { describeMail } from './describe-mail.ts';
import type { ExtendedProperties, ExtendedProperty } from './drafts/create-extended-properties.ts';
import { createAttachmentInsertion } from './insert-attachment.ts';
import { createByteStore } from './store-bytes.ts';

/** How a message comes into its folder; without this, it was received. */
export interface Arrival {
  readonly isDraft?: boolean;
  readonly isRead?: boolean;
  /** Its conversation; without this, the one of the mail that it answers, or a new one. */
  readonly thread?: Thread;
  /** Properties of the mailbox: categories, flag. */
  readonly content?: Readonly<Record<string, unknown>>;
  readonly extended?: readonly ExtendedProperty[];
}

export interface Thread {
  readonly conversation: Uint8Array;
  readonly index: Uint8Array;
}

/**
 * Puts a mail into a folder, in one transaction. Returns the message's number. A message without bytes is one that is
 * composed when they are asked for.
 */
type Delivery = (
  mailbox: Mailbox,
  folder: Folder,
  mail: ReceivedMail,
  mime: Uint8Array | null,
  receivedAt: Date,
  arrival?: Arrival,
) => number;

export function createDelivery(
  database: DatabaseSync,
  mailboxes: Mailboxes,
  folders: Folders,
  extendedProperties: ExtendedProperties,
): Delivery {
  const insertMessage = database.prepare(
    `INSERT INTO graph_messages (mailbox_id, folder_id, folder_number, number, item_number, last_seq, entered_seq,
       created_at, modified_at, received_at, sent_at, is_read, has_attachments, importance, subject, from_address,
       internet_message_id, conversation, content, headers, body_text, body_html)
     VALUES (:mailboxId, :folderId, :folderNumber, :number, :number, :seq, :seq, unixepoch(), unixepoch(), :receivedAt,
       :sentAt, :isRead, :hasAttachments, :importance, :subject, :fromAddress, :internetMessageId, :conversation, :content,
       :headers, :bodyText, :bodyHtml)
     RETURNING id`,
  );
  const insertMime = database.prepare('INSERT INTO graph_message_mime (message_id, mime, blob_id) VALUES (?, ?, ?)');
  const addAttachment = createAttachmentInsertion(database);
  const thread = database.prepare(
    'SELECT conversation, conversation_index FROM graph_threads WHERE mailbox_id = ? AND internet_message_id = ?',
  );
  const insertThread = database.prepare(
    `INSERT OR IGNORE INTO graph_threads (mailbox_id, internet_message_id, conversation, conversation_index)
     VALUES (?, ?, ?, ?)`,
  );

  /** A mail joins the thread of the nearest mail that it answers and that is in this mailbox. */
  const findThread = (mailbox: Mailbox, mail: ReceivedMail, sentAt: Date): Thread => {
    for (const messageId of mail.references.toReversed()) {
      const row = thread.get(mailbox.id, messageId);
      if (!row) continue;
      const index = continueConversation(row.conversation_index as Uint8Array, sentAt);
      return { conversation: row.conversation as Uint8Array, index };
    }
    return threadOfHeader(mail) ?? startConversation(sentAt);
  };

  const store = createByteStore(database);

  return (mailbox, folder, mail, mime, receivedAt, arrival = {}) =>
    transact(database, () => {
      const number = mailboxes.takeNumber(mailbox);
      const seq = mailboxes.takeSeq(mailbox);
      const sentAt = mail.sentAt ?? receivedAt;
      const { conversation, index } = arrival.thread ?? findThread(mailbox, mail, sentAt);
      const isRead = arrival.isRead ?? false;
      const internetMessageId = mail.messageId ?? ownMessageId();
      const content = {
        ...describeMail(mail, receivedAt),
        internetMessageId,
        conversationIndex: Buffer.from(index).toString('base64'),
        ...(arrival.isDraft ? { isDraft: true } : {}),
        ...arrival.content,
      };
      const row = insertMessage.get({
        mailboxId: mailbox.id,
        folderId: folder.id,
        folderNumber: folder.number,
        number,
        seq,
        receivedAt: Math.floor(receivedAt.getTime() / 1000),
        sentAt: Math.floor(sentAt.getTime() / 1000),
        isRead: Number(isRead),
        hasAttachments: Number(mail.attachments.some((attachment) => !attachment.isInline)),
        importance: mail.importance,
        subject: mail.subject,
        fromAddress: (mail.from ?? mail.sender)?.address ?? null,
        internetMessageId,
        conversation,
        content: JSON.stringify(content),
        headers: JSON.stringify(mail.headers),
        bodyText: mail.text === null ? null : withCrLf(mail.text),
        bodyHtml: mail.html === null ? null : framedHtml(mail.html),
      });
      const messageId = Number(row?.id);
      if (mime !== null) {
        const { inline, blobId } = store(mime);
        insertMime.run(messageId, inline, blobId);
      }
      for (const attachment of mail.attachments) addAttachment(messageId, attachment, receivedAt);
      extendedProperties.set(messageId, arrival.extended ?? []);
      insertThread.run(mailbox.id, internetMessageId, conversation, index);
      folders.count(mailbox, folder.id, 1, isRead ? 0 : 1, seq);
      return number;
    });
}

/** The conversation that Exchange writes into a mail for mailboxes that never saw its predecessors (MS-OXOMSG 2.2.1.3). */
function threadOfHeader({ headers }: ReceivedMail): Thread | undefined {
  const written = headers.find(({ name }) => name.toLowerCase() === 'thread-index')?.value ?? '';
  const index = Buffer.from(written, 'base64');
  if (index.length < 22 || (index.length - 22) % 5 !== 0 || index[0] !== 1) return undefined;
  return { conversation: index.subarray(6, 22), index };
}

/** For a mail without Message-ID, in Exchange's format. */
export function ownMessageId(): string {
  return `<${randomBytes(16).toString('hex').toUpperCase()}@SIM0PR01MB0001.prod.outlook.com>`;
}
