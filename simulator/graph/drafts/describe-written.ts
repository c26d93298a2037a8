import { bodyPreview } from '../../mail/convert-body.ts';
import { describeRecipient } from '../describe-mail.ts';
import type { DraftChanges } from './read-draft.ts';

/** What was written, as properties of a Graph message. */
export function describeWritten(mail: DraftChanges['mail']): Record<string, unknown> {
  const { subject, from, sender, to, cc, bcc, replyTo, messageId, html, text } = mail;
  const properties = {
    subject: subject === undefined ? undefined : (subject ?? ''),
    from: from === undefined ? undefined : describeRecipient(from),
    sender: sender === undefined ? undefined : describeRecipient(sender),
    toRecipients: to?.map(describeRecipient),
    ccRecipients: cc?.map(describeRecipient),
    bccRecipients: bcc?.map(describeRecipient),
    replyTo: replyTo?.map(describeRecipient),
    internetMessageId: messageId ?? undefined,
    importance: mail.importance,
    isReadReceiptRequested: mail.isReadReceiptRequested,
    isDeliveryReceiptRequested: mail.isDeliveryReceiptRequested,
    bodyPreview:
      html === undefined && text === undefined ? undefined : bodyPreview({ html: html ?? null, text: text ?? null }),
  };
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
