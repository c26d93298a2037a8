import type { GraphAnswer, GraphContext, MailboxCall } from '../graph-context.ts';
import { accessDenied, GraphError } from '../graph-error.ts';
import { checkIfMatch, idOf, renderMessage, selectProperties } from '../render-message.ts';
import type { StoredMessage } from '../stored-message.ts';
import { idsOf } from '../strike-page.ts';
import { selectSuffix } from './answer-folders.ts';
import { checkExpand, expandAttachments } from './expand-attachments.ts';
import { checkIsObject, DELETED_FOR_GOOD, getFolder, getMessage } from './find-in-call.ts';
import { readMessageChanges } from './read-message-changes.ts';

export function getOneMessage(context: GraphContext, call: MailboxCall): GraphAnswer {
  const expands = checkExpand(call.query.expand);
  if (expands && call.isBasic) throw accessDenied();
  const message = getMessage(context, call);
  const suffix = call.query.select ? selectSuffix(call) : expands ? '(attachments())' : '';
  const odataContext = `${call.base}/$metadata#${call.entity}/messages${suffix}/$entity`;
  const view = viewOf(call);
  const place = { endpoint: call.endpoint, mailbox: call.mailbox.address, messageIds: idsOf(call, message) };
  const unreadable = context.faults.take('unreadable-message', { ...place, select: view.select });
  if (unreadable) throw unreadableMessage(unreadable.status ?? 500);
  return {
    status: 200,
    body: {
      '@odata.context': odataContext,
      ...renderMessage(context.messages, view, message),
      ...(expands ? expandAttachments(context.attachments, message, idOf(view, message)) : {}),
    },
  };
}

/**
 * `GET …/$value`: the bytes as delivered. No charset, because MIME has none
 * (learn.microsoft.com/graph/outlook-get-mime-message).
 */
export function getMime(context: GraphContext, call: MailboxCall): GraphAnswer {
  const message = getMessage(context, call);
  return { status: 200, raw: { contentType: 'text/plain', bytes: context.messages.readMime(message) } };
}

export function updateMessage(context: GraphContext, call: MailboxCall): GraphAnswer {
  const message = getMessage(context, call);
  checkIfMatch(call, message, call.ifMatch);
  const changes = readMessageChanges(checkIsObject(call.body));
  return messageAnswer(context, call, 200, context.messages.update(call.mailbox, message, changes));
}

/** A soft deletion: the message moves to Recoverable Items. */
export function deleteMessage(context: GraphContext, call: MailboxCall): GraphAnswer {
  const message = getMessage(context, call);
  checkIfMatch(call, message, call.ifMatch);
  context.messages.move(call.mailbox, message, getFolder(context, call, DELETED_FOR_GOOD));
  return { status: 204 };
}

export function deleteMessageForGood(context: GraphContext, call: MailboxCall): GraphAnswer {
  context.messages.remove(call.mailbox, getMessage(context, call));
  return { status: 204 };
}

/** Answers 201 with the moved message, which has another default id. */
export function moveMessage(context: GraphContext, call: MailboxCall): GraphAnswer {
  const target = targetFolder(context, call);
  return messageAnswer(context, call, 201, context.messages.move(call.mailbox, getMessage(context, call), target));
}

export function copyMessage(context: GraphContext, call: MailboxCall): GraphAnswer {
  const target = targetFolder(context, call);
  return messageAnswer(context, call, 201, context.messages.copy(call.mailbox, getMessage(context, call), target));
}

function targetFolder(context: GraphContext, call: MailboxCall) {
  const body = checkIsObject(call.body);
  const target = body.destinationId ?? body.DestinationId;
  if (typeof target === 'string') return getFolder(context, call, target);
  throw new GraphError(400, 'ErrorInvalidRequest', 'The request is invalid: destinationId must be a folder.');
}

function messageAnswer(context: GraphContext, call: MailboxCall, status: number, message: StoredMessage): GraphAnswer {
  const odataContext = `${call.base}/$metadata#${call.entity}/messages/$entity`;
  return {
    status,
    body: { '@odata.context': odataContext, ...renderMessage(context.messages, viewOf(call), message) },
  };
}

/** Graph's answer for a mail whose body it cannot convert (microsoft-graph-docs#2913). */
function unreadableMessage(status: number): GraphError {
  const text = 'Content conversion failed., Content conversion: Body conversion failed.';
  return status === 500
    ? new GraphError(500, 'ErrorContentConversionFailed', text)
    : new GraphError(status, 'UnknownError', text);
}

function viewOf({ mailbox, prefer, query, isBasic }: MailboxCall) {
  return { mailbox, prefer, select: selectProperties(query.select), isBasic };
}
