import type { DatabaseSync } from 'node:sqlite';
import { framedHtml, withCrLf } from '../../mail/convert-body.ts';
import type { MailAttachment } from '../../mail/received-mail.ts';
import { transact } from '../../transact.ts';
import type { Mailbox } from '../create-mailboxes.ts';
import type { MessageChanges, Messages } from '../create-messages.ts';
import { createAttachmentInsertion } from '../insert-attachment.ts';
import type { StoredMessage } from '../stored-message.ts';
import type { ExtendedProperties } from './create-extended-properties.ts';
import { describeWritten } from './describe-written.ts';
import type { DraftChanges } from './read-draft.ts';

/** Changes of messages that are still being written. Each is one transaction and one change of the mailbox. */
export interface Drafts {
  change(mailbox: Mailbox, message: StoredMessage, changes: DraftChanges, others: MessageChanges): StoredMessage;
  /** Returns the 16 bytes that identify the attachment in its message. */
  attach(mailbox: Mailbox, message: StoredMessage, attachment: MailAttachment): Uint8Array;
  detach(mailbox: Mailbox, message: StoredMessage, guid: Uint8Array): void;
  /** The message is no draft any more; the bytes are what left. */
  markSent(mailbox: Mailbox, message: StoredMessage, sent: SentFacts): StoredMessage;
}

export interface SentFacts {
  readonly mime: Uint8Array;
  readonly sentAt: Date;
  /** `from`, `sender` and what else the sending decided, as Graph writes it. */
  readonly content: Readonly<Record<string, unknown>>;
}

export function createDrafts(
  database: DatabaseSync,
  messages: Messages,
  extendedProperties: ExtendedProperties,
): Drafts {
  const addAttachment = createAttachmentInsertion(database);
  const removeAttachment = database.prepare('DELETE FROM graph_attachments WHERE message_id = ? AND guid = ?');
  const countFiles = database.prepare(
    'SELECT count(*) AS count FROM graph_attachments WHERE message_id = ? AND is_inline = 0',
  );
  const setHasAttachments = database.prepare('UPDATE graph_messages SET has_attachments = ? WHERE id = ?');
  const setBody = database.prepare('UPDATE graph_messages SET body_text = ?, body_html = ? WHERE id = ?');
  const setFrom = database.prepare('UPDATE graph_messages SET from_address = ? WHERE id = ?');
  const setMessageId = database.prepare('UPDATE graph_messages SET internet_message_id = ? WHERE id = ?');
  const setTimes = database.prepare('UPDATE graph_messages SET received_at = ?, sent_at = ? WHERE id = ?');
  const forgetMime = database.prepare('DELETE FROM graph_message_mime WHERE message_id = ?');
  const setMime = database.prepare(
    `INSERT INTO graph_message_mime (message_id, mime) VALUES (?, ?)
     ON CONFLICT (message_id) DO UPDATE SET mime = excluded.mime, blob_id = NULL`,
  );

  const changeAttachments = (mailbox: Mailbox, message: StoredMessage): void => {
    const hasAttachments = Number(countFiles.get(message.id)?.count) > 0;
    setHasAttachments.run(Number(hasAttachments), message.id);
    forgetMime.run(message.id);
    messages.update(mailbox, message, { content: { hasAttachments } });
  };

  return {
    change: (mailbox, message, { mail, extended }, others) =>
      transact(database, () => {
        // A draft that was given as MIME is composed from its properties once they change.
        if (Object.keys(mail).length > 0) forgetMime.run(message.id);
        if (mail.html !== undefined || mail.text !== undefined) {
          const [text, html] = [mail.text ?? null, mail.html ?? null];
          setBody.run(text === null ? null : withCrLf(text), html === null ? null : framedHtml(html), message.id);
        }
        if (mail.from !== undefined) setFrom.run(mail.from?.address ?? null, message.id);
        if (mail.messageId) setMessageId.run(mail.messageId, message.id);
        extendedProperties.set(message.id, extended);
        const content = { ...describeWritten(mail), ...others.content };
        return messages.update(mailbox, message, { ...others, content });
      }),

    attach: (mailbox, message, attachment) =>
      transact(database, () => {
        const guid = addAttachment(message.id, attachment, new Date());
        changeAttachments(mailbox, message);
        return guid;
      }),

    detach: (mailbox, message, guid) =>
      transact(database, () => {
        removeAttachment.run(message.id, guid);
        changeAttachments(mailbox, message);
      }),

    markSent: (mailbox, message, { mime, sentAt, content }) =>
      transact(database, () => {
        const seconds = Math.floor(sentAt.getTime() / 1000);
        setTimes.run(seconds, seconds, message.id);
        setMime.run(message.id, mime);
        return messages.update(mailbox, message, { isRead: true, content: { ...content, isDraft: false } });
      }),
  };
}
