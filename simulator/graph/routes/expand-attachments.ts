import type { Attachments } from '../create-attachments.ts';
import { badRequest } from '../graph-error.ts';
import { renderAttachment } from '../render-attachment.ts';
import type { StoredMessage } from '../stored-message.ts';

/** Whether `$expand` of a message requests its attachments; throws for anything that cannot be expanded. */
export function checkExpand(expand: readonly string[]): boolean {
  for (const part of expand) {
    const name = part
      .replace(/\(.*\)$/s, '')
      .trim()
      .toLowerCase();
    if (name !== 'attachments') {
      throw badRequest(
        `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.message'.`,
      );
    }
  }
  return expand.length > 0;
}

/**
 * All attachments with their bytes: like Graph, ignores `$select` inside `$expand`
 * (learn.microsoft.com/graph/query-parameters).
 */
export function expandAttachments(attachments: Attachments, message: StoredMessage, messageId: string): object {
  const view = { messageId, select: null, expandsItem: false };
  return { attachments: attachments.list(message).map((each) => renderAttachment(attachments, message, each, view)) };
}
