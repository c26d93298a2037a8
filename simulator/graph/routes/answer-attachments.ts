import type { StoredAttachment } from '../create-attachments.ts';
import type { GraphAnswer, GraphContext, MailboxCall } from '../graph-context.ts';
import { badRequest, GraphError, itemNotFound } from '../graph-error.ts';
import { parseAttachmentId } from '../identifiers.ts';
import { renderAttachment, selectAttachmentProperties } from '../render-attachment.ts';
import { idOf } from '../render-message.ts';
import type { StoredMessage } from '../stored-message.ts';
import { idsOf } from '../strike-page.ts';
import { selectSuffix } from './answer-folders.ts';
import { getMessage } from './find-in-call.ts';

/**
 * All of them in one answer: Graph, too, ignores paging and `$filter` of attachments
 * (learn.microsoft.com/graph/api/attachment-get).
 */
export function listAttachments(context: GraphContext, call: MailboxCall): GraphAnswer {
  const message = getMessage(context, call);
  const place = { endpoint: call.endpoint, mailbox: call.mailbox.address, messageIds: idsOf(call, message) };
  const unreadable = context.faults.take('unreadable-attachments', place);
  if (unreadable) throw unreadableAttachments(unreadable.status ?? 500);
  const view = viewOf(call, message);
  const isScanning = context.faults.take('scanning-attachments', place) !== undefined;
  const value = context.attachments
    .list(message)
    .map((each) => (isScanning ? placeholderOf(each) : each))
    .map((each) => renderAttachment(context.attachments, message, each, view));
  return { status: 200, body: { '@odata.context': `${contextOf(call, view.messageId)}${selectSuffix(call)}`, value } };
}

/** Dynamic Delivery of Defender for Office 365 (msgraph-sdk-dotnet#2416): the mail comes before its attachments are scanned. */
function placeholderOf(attachment: StoredAttachment): StoredAttachment {
  const name = 'Safe Attachments Scan In Progress';
  return { ...attachment, isItem: true, name, contentType: 'message/rfc822', size: 532 };
}

/** Graph's answer for an attachment that Exchange cannot open (alcionai/corso#3607, #5419), or no longer finds. */
function unreadableAttachments(status: number): GraphError {
  if (status === 404) return itemNotFound();
  const text = 'The attachment could not be opened., OLE conversion failed for an attachment.';
  return new GraphError(status, status === 500 ? 'ErrorCannotOpenFileAttachment' : 'UnknownError', text);
}

export function getOneAttachment(context: GraphContext, call: MailboxCall): GraphAnswer {
  const message = getMessage(context, call);
  const view = viewOf(call, message);
  const attachment = getAttachment(context, call, message);
  const body = renderAttachment(context.attachments, message, attachment, view);
  return { status: 200, body: { '@odata.context': `${contextOf(call, view.messageId)}/$entity`, ...body } };
}

/** The bytes of a file, or the MIME of an attached message. */
export function getAttachmentContent(context: GraphContext, call: MailboxCall): GraphAnswer {
  const attachment = getAttachment(context, call, getMessage(context, call));
  const contentType = attachment.isItem ? 'text/plain' : (attachment.contentType ?? 'application/octet-stream');
  return { status: 200, raw: { contentType, bytes: context.attachments.readContent(attachment) } };
}

export function getAttachment(context: GraphContext, call: MailboxCall, message: StoredMessage): StoredAttachment {
  const guid = parseAttachmentId(call.mailbox, message, call.path.keys.at(-1) ?? '');
  const attachment = guid && context.attachments.find(message, guid);
  if (!attachment) throw itemNotFound();
  return attachment;
}

export function viewOf(call: MailboxCall, message: StoredMessage) {
  return {
    messageId: idOf(call, message),
    select: selectAttachmentProperties(call.query.select),
    expandsItem: expandsItem(call.query.expand),
  };
}

function expandsItem(expand: readonly string[]): boolean {
  const isItem = (part: string): boolean => /^microsoft\.graph\.itemattachment\/item(\(.*\))?$/is.test(part);
  if (!expand.every(isItem)) throw badRequest('Parsing OData Select and Expand failed.');
  return expand.length > 0;
}

export function contextOf(call: MailboxCall, messageId: string): string {
  return `${call.base}/$metadata#${call.entity}/messages('${encodeURIComponent(messageId)}')/attachments`;
}
