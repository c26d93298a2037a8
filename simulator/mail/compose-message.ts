import MailComposer from 'nodemailer/lib/mail-composer';
import { textFromHtml } from './convert-body.ts';
import type { MailAddress, MailAttachment, MailHeader, ReceivedMail } from './received-mail.ts';

/** A mail that leaves: what was written, and what the server adds. */
export interface OutgoingMail {
  readonly mail: ReceivedMail;
  readonly messageId: string;
  readonly sentAt: Date;
  readonly inReplyTo: string | null;
  /** Message-IDs in one line; null without any. */
  readonly references: string | null;
  /** Headers that the mail has no property for. */
  readonly headers: readonly MailHeader[];
}

/**
 * The raw mail of something written, as Exchange composes it: HTML with its text beside it. Without the hidden
 * recipients.
 */
export async function composeMessage(outgoing: OutgoingMail): Promise<Buffer> {
  const { mail, messageId, sentAt, inReplyTo, references, headers } = outgoing;
  const composer = new MailComposer({
    ...(mail.from ? { from: fields(mail.from) } : {}),
    ...(mail.sender && mail.sender.address !== mail.from?.address ? { sender: fields(mail.sender) } : {}),
    to: mail.to.map(fields),
    cc: mail.cc.map(fields),
    replyTo: mail.replyTo.map(fields),
    subject: mail.subject ?? '',
    messageId,
    date: sentAt,
    ...(inReplyTo === null ? {} : { inReplyTo }),
    ...(references === null ? {} : { references }),
    ...(mail.html === null ? { text: mail.text ?? '' } : { html: mail.html, text: textFromHtml(mail.html) }),
    attachments: mail.attachments.map(attached),
    headers: [...headers, ...optionHeaders(mail)].map(({ name, value }) => ({ key: name, value })),
    // What a mail names is never read from this machine or the network.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await composer.compile().build();
}

function fields({ name, address }: MailAddress): { name: string; address: string } {
  return { name: name === address ? '' : name, address };
}

function attached({ name, contentType, content, contentId, isInline }: MailAttachment) {
  return {
    filename: name,
    contentType,
    content,
    ...(contentId === null ? {} : { cid: contentId }),
    contentDisposition: isInline ? 'inline' : 'attachment',
  };
}

function optionHeaders({ importance, from, ...mail }: ReceivedMail): MailHeader[] {
  const wants: readonly (readonly [string, string | false | undefined])[] = [
    ['Importance', importance !== 'normal' && importance],
    ['Disposition-Notification-To', mail.isReadReceiptRequested && from?.address],
    ['Return-Receipt-To', mail.isDeliveryReceiptRequested && from?.address],
  ];
  return wants.flatMap(([name, value]) => (value ? [{ name, value }] : []));
}
