import { isGraphId } from './mail-message.ts';

/** An attachment without its content. */
export interface MailAttachment {
  readonly id: string;
  readonly name: string;
  readonly contentType?: string | undefined;
  /** Bytes as the mailbox counts them: more than the decoded content. */
  readonly size: number;
  /** Often wrong: look for `cid:` in the HTML, too. */
  readonly isInline: boolean;
  readonly kind: 'file' | 'item' | 'reference';
  /** The target of `cid:` in the HTML; only for files, and only where Graph returns it. */
  readonly contentId?: string | undefined;
}

const kinds: Readonly<Record<string, MailAttachment['kind']>> = {
  '#microsoft.graph.fileAttachment': 'file',
  '#microsoft.graph.itemAttachment': 'item',
  '#microsoft.graph.referenceAttachment': 'reference',
};

/** Reads one attachment of Graph; undefined when it has no id. Never throws. */
export function parseMailAttachment(json: unknown): MailAttachment | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { id, name, contentType, size, isInline, contentId, '@odata.type': type } = json as Record<string, unknown>;
  if (!isGraphId(id)) return undefined;
  return {
    id,
    name: typeof name === 'string' ? name : '',
    contentType: typeof contentType === 'string' ? contentType : undefined,
    size: typeof size === 'number' && Number.isSafeInteger(size) && size > 0 ? size : 0,
    isInline: isInline === true,
    kind: (typeof type === 'string' && Object.hasOwn(kinds, type) && kinds[type]) || 'file',
    contentId: typeof contentId === 'string' && contentId !== '' ? contentId : undefined,
  };
}
