import { composeMessage } from '../../mail/compose-message.ts';
import { checkChangesNoMail, readDraft } from '../drafts/read-draft.ts';
import { readWrittenMail } from '../drafts/read-written-mail.ts';
import type { GraphAnswer, GraphContext, MailboxCall } from '../graph-context.ts';
import { GraphError } from '../graph-error.ts';
import { checkIfMatch, idOf, renderMessage, selectProperties } from '../render-message.ts';
import type { StoredMessage } from '../stored-message.ts';
import { idsOf } from '../strike-page.ts';
import { selectSuffix } from './answer-folders.ts';
import { checkMayExpand, expandMessage } from './expand-message.ts';
import { checkIsObject, DELETED_FOR_GOOD, getFolder, getMessage, readParameters } from './find-in-call.ts';
import { type Expansion, parseExpand } from './parse-expand.ts';
import { readMessageChanges } from './read-message-changes.ts';

export function getOneMessage(context: GraphContext, call: MailboxCall): GraphAnswer {
  const expansion = parseExpand(call.query.expand);
  checkMayExpand(expansion, call.isBasic);
  const message = getMessage(context, call);
  const suffix = call.query.select ? selectSuffix(call) : expandedSuffix(expansion);
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
      ...expandMessage(context, expansion, message, idOf(view, message)),
    },
  };
}

function expandedSuffix({ attachments, properties }: Expansion): string {
  const names = [
    ...(attachments ? ['attachments()'] : []),
    ...(properties.length > 0 ? ['singleValueExtendedProperties()'] : []),
  ];
  return names.length > 0 ? `(${names.join(',')})` : '';
}

/**
 * `GET …/$value`: the bytes as delivered, or those of a draft as it would leave now. No charset, because MIME has none
 * (learn.microsoft.com/graph/outlook-get-mime-message).
 */
export async function getMime(context: GraphContext, call: MailboxCall): Promise<GraphAnswer> {
  const message = getMessage(context, call);
  const written = () => composeMessage(readWrittenMail(context, message, new Date()));
  const bytes = context.messages.readMime(message) ?? (await written());
  return { status: 200, raw: { contentType: 'text/plain', bytes } };
}

export function updateMessage(context: GraphContext, call: MailboxCall): GraphAnswer {
  const message = getMessage(context, call);
  checkIfMatch(call, message, call.ifMatch);
  const body = checkIsObject(call.body);
  if (message.content.isDraft !== true) checkChangesNoMail(body);
  if (body.internetMessageHeaders !== undefined) throw headersAreReadOnly();
  const changed = context.drafts.change(call.mailbox, message, readDraft(body), readMessageChanges(body));
  return messageAnswer(context, call, 200, changed);
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
  const [target] = readParameters(call.body, 'destinationId');
  if (typeof target === 'string') return getFolder(context, call, target);
  throw new GraphError(400, 'ErrorInvalidRequest', 'The request is invalid: destinationId must be a folder.');
}

export function messageAnswer(
  context: GraphContext,
  call: MailboxCall,
  status: number,
  message: StoredMessage,
): GraphAnswer {
  const odataContext = `${call.base}/$metadata#${call.entity}/messages/$entity`;
  return {
    status,
    body: { '@odata.context': odataContext, ...renderMessage(context.messages, viewOf(call), message) },
  };
}

function headersAreReadOnly(): GraphError {
  return new GraphError(400, 'ErrorInvalidPropertySet', 'Set action is invalid for property., internetMessageHeaders');
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
