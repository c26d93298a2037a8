import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { framedHtml, withCrLf } from '../mail/convert-body.ts';
import type { MailAttachment, ReceivedMail } from '../mail/received-mail.ts';
import { transact } from '../transact.ts';
import { continueConversation, startConversation } from './conversation-index.ts';
import type { Folder, Folders } from './create-folders.ts';
import type { Mailbox, Mailboxes } from './create-mailboxes.ts';
import { describeAttachedMessage } from './describe-attached-message.ts';
import { describeMail } from './describe-mail.ts';
import { createByteStore } from './store-bytes.ts';

/** Puts a mail into a folder, in one transaction. Returns the message's number. */
type Delivery = (mailbox: Mailbox, folder: Folder, mail: ReceivedMail, mime: Uint8Array, receivedAt: Date) => number;

/** What Exchange adds to the size of an attachment (a recorded file of 20 bytes has size 156). */
const ATTACHMENT_OVERHEAD_BYTES = 136;

export function createDelivery(database: DatabaseSync, mailboxes: Mailboxes, folders: Folders): Delivery {
  const insertMessage = database.prepare(
    `INSERT INTO graph_messages (mailbox_id, folder_id, folder_number, number, item_number, last_seq, entered_seq,
       created_at, modified_at, received_at, sent_at, is_read, has_attachments, importance, subject, from_address,
       internet_message_id, conversation, content, headers, body_text, body_html)
     VALUES (:mailboxId, :folderId, :folderNumber, :number, :number, :seq, :seq, unixepoch(), unixepoch(), :receivedAt,
       :sentAt, 0, :hasAttachments, :importance, :subject, :fromAddress, :internetMessageId, :conversation, :content,
       :headers, :bodyText, :bodyHtml)
     RETURNING id`,
  );
  const insertMime = database.prepare('INSERT INTO graph_message_mime (message_id, mime, blob_id) VALUES (?, ?, ?)');
  const insertAttachment = database.prepare(
    `INSERT INTO graph_attachments
       (message_id, guid, name, content_type, is_inline, content_id, content_location, size, item, content, blob_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const thread = database.prepare(
    'SELECT conversation, conversation_index FROM graph_threads WHERE mailbox_id = ? AND internet_message_id = ?',
  );
  const insertThread = database.prepare(
    `INSERT OR IGNORE INTO graph_threads (mailbox_id, internet_message_id, conversation, conversation_index)
     VALUES (?, ?, ?, ?)`,
  );

  /** A mail joins the thread of the nearest mail that it answers and that is in this mailbox. */
  const findThread = (mailbox: Mailbox, mail: ReceivedMail, sentAt: Date) => {
    for (const messageId of mail.references.toReversed()) {
      const row = thread.get(mailbox.id, messageId);
      if (!row) continue;
      const index = continueConversation(row.conversation_index as Uint8Array, sentAt);
      return { conversation: row.conversation as Uint8Array, index };
    }
    return startConversation(sentAt);
  };

  const store = createByteStore(database);

  const addAttachment = (messageId: number, attachment: MailAttachment, receivedAt: Date): void => {
    const { inline, blobId } = store(attachment.content);
    insertAttachment.run(
      messageId,
      randomBytes(16),
      attachment.name,
      attachment.message ? null : attachment.contentType,
      Number(attachment.isInline),
      attachment.contentId,
      attachment.contentLocation,
      attachment.content.length + ATTACHMENT_OVERHEAD_BYTES,
      attachment.message && JSON.stringify(describeAttachedMessage(attachment.message, receivedAt)),
      inline,
      blobId,
    );
  };

  return (mailbox, folder, mail, mime, receivedAt) =>
    transact(database, () => {
      const number = mailboxes.takeNumber(mailbox);
      const seq = mailboxes.takeSeq(mailbox);
      const sentAt = mail.sentAt ?? receivedAt;
      const { conversation, index } = findThread(mailbox, mail, sentAt);
      const internetMessageId = mail.messageId ?? ownMessageId();
      const content = {
        ...describeMail(mail, receivedAt),
        internetMessageId,
        conversationIndex: Buffer.from(index).toString('base64'),
      };
      const row = insertMessage.get({
        mailboxId: mailbox.id,
        folderId: folder.id,
        folderNumber: folder.number,
        number,
        seq,
        receivedAt: Math.floor(receivedAt.getTime() / 1000),
        sentAt: Math.floor(sentAt.getTime() / 1000),
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
      const { inline, blobId } = store(mime);
      insertMime.run(messageId, inline, blobId);
      for (const attachment of mail.attachments) addAttachment(messageId, attachment, receivedAt);
      insertThread.run(mailbox.id, internetMessageId, conversation, index);
      folders.count(mailbox, folder.id, 1, 1, seq);
      return number;
    });
}

/** For a mail without Message-ID, in Exchange's format. */
function ownMessageId(): string {
  return `<${randomBytes(16).toString('hex').toUpperCase()}@SIM0PR01MB0001.prod.outlook.com>`;
}
