import { composeMessage } from '../../mail/compose-message.ts';
import type { MailAttachment, ReceivedMail } from '../../mail/received-mail.ts';
import { badRequest, GraphError } from '../graph-error.ts';
import { EMPTY_MAIL, readDraft } from './read-draft.ts';
import { asObject, invalidValue, readText } from './read-values.ts';

/** A file of this size or more takes an upload session (learn.microsoft.com/graph/api/message-post-attachments). */
const LARGEST_FILE_BYTES = 3 * 1024 * 1024;

export async function readNewAttachments(given: unknown): Promise<MailAttachment[]> {
  if (!Array.isArray(given)) throw invalidValue('attachments');
  return await Promise.all(given.map(readNewAttachment));
}

/** A file with its bytes in base64, or a message with its properties. */
export async function readNewAttachment(given: unknown): Promise<MailAttachment> {
  const attachment = asObject('attachments', given);
  const type = String(attachment['@odata.type'] ?? '')
    .replace(/^#/, '')
    .toLowerCase();
  if (type === 'microsoft.graph.fileattachment') return readFile(attachment);
  if (type === 'microsoft.graph.itemattachment') return await readItem(attachment);
  throw badRequest('An attachment must be a #microsoft.graph.fileAttachment or a #microsoft.graph.itemAttachment.');
}

function readFile(attachment: Readonly<Record<string, unknown>>): MailAttachment {
  const { contentBytes = '', contentType, isInline } = attachment;
  const content = Buffer.from(readText('contentBytes', contentBytes), 'base64');
  if (content.length > LARGEST_FILE_BYTES) {
    const text = 'The attachment exceeds the size that a single request takes; use an upload session.';
    throw new GraphError(413, 'ErrorAttachmentSizeLimitExceeded', text);
  }
  return {
    name: readName(attachment),
    content,
    contentType: typeof contentType === 'string' && contentType !== '' ? contentType : 'application/octet-stream',
    isInline: isInline === true,
    contentId: textOrNull(attachment.contentId),
    contentLocation: textOrNull(attachment.contentLocation),
    message: null,
  };
}

async function readItem(attachment: Readonly<Record<string, unknown>>): Promise<MailAttachment> {
  const item = asObject('item', attachment.item);
  if (String(item['@odata.type'] ?? '#microsoft.graph.message').toLowerCase() !== '#microsoft.graph.message') {
    throw badRequest('The simulator attaches messages only, no events and no contacts.');
  }
  const sentAt = new Date();
  const mail: ReceivedMail = { ...EMPTY_MAIL, ...readDraft(item).mail };
  const messageId = mail.messageId ?? `<${crypto.randomUUID()}@SIM0PR01MB0001.prod.outlook.com>`;
  const content = await composeMessage({ mail, messageId, sentAt, inReplyTo: null, references: null, headers: [] });
  return {
    name: readName(attachment),
    content,
    contentType: 'message/rfc822',
    isInline: attachment.isInline === true,
    contentId: null,
    contentLocation: null,
    message: { ...mail, messageId, sentAt },
  };
}

function readName({ name }: Readonly<Record<string, unknown>>): string {
  if (typeof name === 'string' && name !== '') return name;
  throw new GraphError(400, 'ErrorInvalidRequest', "The property 'name' is required when creating an attachment.");
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
