import { composeMessage } from '../../mail/compose-message.ts';
import type { MailAddress } from '../../mail/received-mail.ts';
import { transact } from '../../transact.ts';
import { readWrittenMail } from '../drafts/read-written-mail.ts';
import { strikeSending } from '../drafts/strike-writing.ts';
import type { GraphContext, MailboxCall } from '../graph-context.ts';
import { GraphError, itemNotFound } from '../graph-error.ts';
import { immutableMessageId } from '../identifiers.ts';
import type { StoredMessage } from '../stored-message.ts';
import { checkRecipients } from './check-recipients.ts';
import { completeHeaders } from './complete-headers.ts';
import { resolveSender, type Sender } from './resolve-sender.ts';

/** Who sends a mail to whom. */
export interface Envelope extends Sender {
  readonly recipients: readonly MailAddress[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
const MINUTE_MS = 60 * 1000;

/**
 * The envelope of a draft. Throws what Exchange refuses before it accepts a mail: the sender, the recipients, and more
 * of them than a day allows.
 */
export function checkEnvelope(context: GraphContext, call: MailboxCall, message: StoredMessage): Envelope {
  const { mail } = readWrittenMail(context, message, new Date());
  const limits = context.limits.current();
  const sender = resolveSender(context, call, mail.from);
  const recipients = checkRecipients(mail, limits);
  const today = context.sentMails.countRecipients(call.mailbox.id, new Date(Date.now() - DAY_MS));
  if (today + recipients.length > limits.recipientsPerDay) {
    const text = 'Cannot send mail. Daily Message/Recipient limit exceeded.';
    throw new GraphError(403, 'ErrorExceededMessageLimit', text);
  }
  return { ...sender, recipients };
}

/** Accepts a draft for sending, and sends it unless it has to wait. */
export async function submitMail(
  context: GraphContext,
  call: MailboxCall,
  draft: StoredMessage,
  isSaved: boolean,
): Promise<void> {
  const envelope = checkEnvelope(context, call, draft);
  const strike = strikeSending(context.faults, call);
  const now = new Date();
  const mime = await bytesOf(context, draft, envelope, now);
  const { messageBytes } = context.limits.current();
  if (mime.length > messageBytes) {
    const text = 'The message exceeds the maximum supported size., Cannot submit message.';
    throw new GraphError(413, 'ErrorMessageSizeExceeded', text);
  }
  if (strike.isLost) return;
  const dueAt = new Date(Math.max(now.getTime() + strike.delayMs, nextPlace(context, call, now)));
  const id = transact(context.database, () => {
    // Another request may have sent or deleted it while the mail was composed.
    const current = context.messages.find(call.mailbox, immutableMessageId(call.mailbox, draft));
    const isLeaving = context.sentMails.isLeaving(call.mailbox.id, draft.number, new Date());
    if (current?.content.isDraft !== true || isLeaving) throw itemNotFound();
    return context.sentMails.accept({
      ...envelope,
      mailboxId: call.mailbox.id,
      messageNumber: draft.number,
      isSaved,
      copies: strike.copies,
      dueAt,
      subject: String(draft.content.subject ?? ''),
      internetMessageId: String(draft.content.internetMessageId),
      mime,
    });
  });
  await context.transport.send(id);
}

async function bytesOf(context: GraphContext, draft: StoredMessage, sender: Sender, sentAt: Date): Promise<Buffer> {
  const written = readWrittenMail(context, draft, sentAt);
  const given = context.messages.readMime(draft);
  if (given) return completeHeaders(given, sender, written.messageId, sentAt);
  return await composeMessage({ ...written, mail: { ...written.mail, from: sender.from, sender: sender.sender } });
}

/** Beyond its rate, a mailbox's mail is not refused: it waits (Exchange Online limits, message rate limit). */
function nextPlace({ limits, sentMails }: GraphContext, { mailbox }: MailboxCall, now: Date): number {
  const earlier = sentMails.findDueAt(mailbox.id, limits.current().sendsPerMinute - 1);
  return earlier ? Math.max(now.getTime(), earlier.getTime() + MINUTE_MS) : now.getTime();
}
