import { readNewAttachment } from '../drafts/read-attachment.ts';
import { checkQuota } from '../drafts/strike-writing.ts';
import { itemNotFound } from '../graph-error.ts';
import { renderAttachment } from '../render-attachment.ts';
import { contextOf, getAttachment, viewOf } from './answer-attachments.ts';
import { checkIsObject, getMessage } from './find-in-call.ts';
import type { MailboxRoute } from './mailbox-route.ts';

/** `POST …/attachments`: a file of up to 3 MB, or a message. */
export const addAttachment: MailboxRoute['answer'] = async (context, call) => {
  checkQuota(context.faults, call);
  const added = await readNewAttachment(checkIsObject(call.body));
  const message = getMessage(context, call);
  const guid = context.drafts.attach(call.mailbox, message, added);
  const attachment = context.attachments.find(message, guid);
  if (!attachment) throw itemNotFound();
  const view = viewOf(call, message);
  const body = renderAttachment(context.attachments, message, attachment, view);
  return { status: 201, body: { '@odata.context': `${contextOf(call, view.messageId)}/$entity`, ...body } };
};

export const deleteAttachment: MailboxRoute['answer'] = (context, call) => {
  const message = getMessage(context, call);
  context.drafts.detach(call.mailbox, message, getAttachment(context, call, message).guid);
  return { status: 204 };
};
