import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { MailAttachment } from '../mail/received-mail.ts';
import { describeAttachedMessage } from './describe-attached-message.ts';
import { createByteStore } from './store-bytes.ts';

/** Adds an attachment to a message; returns its 16 bytes, unique in the message. */
type AttachmentInsertion = (messageId: number, attachment: MailAttachment, addedAt: Date) => Uint8Array;

/** What Exchange adds to the size of an attachment (a recorded file of 20 bytes has size 156). */
const ATTACHMENT_OVERHEAD_BYTES = 136;

export function createAttachmentInsertion(database: DatabaseSync): AttachmentInsertion {
  const insert = database.prepare(
    `INSERT INTO graph_attachments
       (message_id, guid, name, content_type, is_inline, content_id, content_location, size, item, content, blob_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const store = createByteStore(database);
  return (messageId, attachment, addedAt) => {
    const guid = randomBytes(16);
    const { inline, blobId } = store(attachment.content);
    insert.run(
      messageId,
      guid,
      attachment.name,
      attachment.message ? null : attachment.contentType,
      Number(attachment.isInline),
      attachment.contentId,
      attachment.contentLocation,
      attachment.content.length + ATTACHMENT_OVERHEAD_BYTES,
      attachment.message && JSON.stringify(describeAttachedMessage(attachment.message, addedAt)),
      inline,
      blobId,
    );
    return guid;
  };
}
