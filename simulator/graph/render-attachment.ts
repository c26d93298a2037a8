import type { Attachments, StoredAttachment } from './create-attachments.ts';
import { unknownProperty } from './graph-error.ts';
import { attachmentId } from './identifiers.ts';
import { utcSeconds } from './render-message.ts';
import type { StoredMessage } from './stored-message.ts';

const COMMON = ['id', 'lastModifiedDateTime', 'name', 'contentType', 'size', 'isInline'];
const OF_FILES = ['contentId', 'contentLocation', 'contentBytes'];

/** `$select` of attachments: properties of files need the cast, `microsoft.graph.fileAttachment/contentId`. */
export function selectAttachmentProperties(names: readonly string[] | null): ReadonlySet<string> | null {
  if (names === null || names.includes('*')) return null;
  const known = names.map((name) => {
    const cast = /^microsoft\.graph\.fileAttachment\/(\w+)$/i.exec(name)?.[1];
    const allowed = cast ? [...COMMON, ...OF_FILES] : COMMON;
    const property = allowed.find((each) => each.toLowerCase() === (cast ?? name).toLowerCase());
    if (!property) throw unknownProperty(name, 'microsoft.graph.attachment');
    return property;
  });
  return new Set(['id', ...known]);
}

export interface AttachmentView {
  /** In the id form of the request. */
  readonly messageId: string;
  readonly select: ReadonlySet<string> | null;
  /** `$expand=microsoft.graph.itemAttachment/item`. */
  readonly expandsItem: boolean;
}

/** An attachment in Graph's format. The content is read only if it is requested. */
export function renderAttachment(
  attachments: Attachments,
  message: StoredMessage,
  attachment: StoredAttachment,
  { messageId, select, expandsItem }: AttachmentView,
): Record<string, unknown> {
  const all: Record<string, unknown> = {
    id: attachmentId(messageId, attachment.guid),
    lastModifiedDateTime: utcSeconds(message.receivedAt),
    name: attachment.name,
    contentType: attachment.contentType,
    size: attachment.size,
    isInline: attachment.isInline,
  };
  if (!attachment.isItem) {
    all.contentId = attachment.contentId;
    all.contentLocation = attachment.contentLocation;
    if (select?.has('contentBytes') ?? true) {
      all.contentBytes = Buffer.from(attachments.readContent(attachment)).toString('base64');
    }
  }
  return {
    '@odata.type': attachment.isItem ? '#microsoft.graph.itemAttachment' : '#microsoft.graph.fileAttachment',
    ...(attachment.isItem ? {} : { '@odata.mediaContentType': attachment.contentType }),
    ...Object.fromEntries(Object.entries(all).filter(([name]) => select?.has(name) ?? true)),
    ...(attachment.isItem && expandsItem ? { item: attachments.readItem(attachment) } : {}),
  };
}
