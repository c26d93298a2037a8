import type { GraphContext } from '../graph-context.ts';
import { accessDenied } from '../graph-error.ts';
import { renderAttachment } from '../render-attachment.ts';
import type { StoredMessage } from '../stored-message.ts';
import type { Expansion } from './parse-expand.ts';

/** Attachments and extended properties are more than Mail.ReadBasic shows. */
export function checkMayExpand(expansion: Expansion, isBasic: boolean): void {
  if (isBasic && (expansion.attachments || expansion.properties.length > 0)) throw accessDenied();
}

/**
 * The expanded parts of a message: all attachments with their bytes (like Graph, ignores `$select` inside `$expand`,
 * learn.microsoft.com/graph/query-parameters), and of the extended properties those that it has.
 */
export function expandMessage(
  { attachments, extendedProperties }: Pick<GraphContext, 'attachments' | 'extendedProperties'>,
  expansion: Expansion,
  message: StoredMessage,
  messageId: string,
): Record<string, unknown> {
  const view = { messageId, select: null, expandsItem: false };
  const rendered = expansion.attachments
    ? { attachments: attachments.list(message).map((each) => renderAttachment(attachments, message, each, view)) }
    : {};
  if (expansion.properties.length === 0) return rendered;
  const found = extendedProperties.list(message.id).filter(({ key }) => expansion.properties.includes(key));
  if (found.length === 0) return rendered;
  return { ...rendered, singleValueExtendedProperties: found.map(({ id, value }) => ({ id, value })) };
}
