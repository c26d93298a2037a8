import type { DatabaseSync } from 'node:sqlite';
import type { MailAttachment } from '../mail/received-mail.ts';
import type { StoredMessage } from './stored-message.ts';

export interface StoredAttachment {
  readonly id: number;
  /** 16 bytes, unique in its message. */
  readonly guid: Uint8Array;
  readonly name: string;
  readonly contentType: string | null;
  readonly isInline: boolean;
  readonly contentId: string | null;
  readonly contentLocation: string | null;
  readonly size: number;
  /** True for an attached message, false for a file. */
  readonly isItem: boolean;
}

export interface Attachments {
  list(message: StoredMessage): StoredAttachment[];
  find(message: StoredMessage, guid: Uint8Array): StoredAttachment | undefined;
  readContent(attachment: StoredAttachment): Uint8Array;
  /** The message inside an attached message. */
  readItem(attachment: StoredAttachment): unknown;
  /** The attachment with its bytes; for a message, what is inside is not read. */
  readMail(attachment: StoredAttachment): MailAttachment;
}

const COLUMNS =
  'id, guid, name, content_type, is_inline, content_id, content_location, size, item IS NOT NULL AS is_item';

export function createAttachments(database: DatabaseSync): Attachments {
  const ofMessage = database.prepare(`SELECT ${COLUMNS} FROM graph_attachments WHERE message_id = ? ORDER BY id`);
  const byGuid = database.prepare(`SELECT ${COLUMNS} FROM graph_attachments WHERE message_id = ? AND guid = ?`);
  const content = database.prepare(`SELECT coalesce(b.bytes, a.content) AS content
     FROM graph_attachments a LEFT JOIN graph_blobs b ON b.id = a.blob_id WHERE a.id = ?`);
  const item = database.prepare('SELECT item FROM graph_attachments WHERE id = ?');
  const readContent = ({ id }: StoredAttachment): Uint8Array =>
    (content.get(id)?.content as Uint8Array | undefined) ?? new Uint8Array();
  return {
    list: (message) => ofMessage.all(message.id).map(attachmentFromRow),
    find(message, guid) {
      const row = byGuid.get(message.id, guid);
      return row && attachmentFromRow(row);
    },
    readContent,
    readMail(attachment) {
      const usual = attachment.isItem ? 'message/rfc822' : 'application/octet-stream';
      const contentType = attachment.contentType ?? usual;
      return { ...attachment, contentType, content: Buffer.from(readContent(attachment)), message: null };
    },
    readItem: ({ id }) => JSON.parse(String(item.get(id)?.item ?? 'null')),
  };
}

function attachmentFromRow(row: Record<string, unknown>): StoredAttachment {
  return {
    id: Number(row.id),
    guid: row.guid as Uint8Array,
    name: String(row.name),
    contentType: row.content_type as string | null,
    isInline: row.is_inline === 1,
    contentId: row.content_id as string | null,
    contentLocation: row.content_location as string | null,
    size: Number(row.size),
    isItem: row.is_item === 1,
  };
}
