import type { OutgoingMail } from '../../mail/compose-message.ts';
import type { MailAddress, MailHeader, ReceivedMail } from '../../mail/received-mail.ts';
import type { GraphContext } from '../graph-context.ts';
import type { StoredMessage } from '../stored-message.ts';
import { IN_REPLY_TO, REFERENCES } from './extended-property-id.ts';

/** Headers that come from properties of the mail or from its composition, and not from its list of headers. */
const COMPOSED =
  /^(?:from|sender|to|cc|bcc|reply-to|subject|date|message-id|in-reply-to|references|mime-version|content-.*|thread-.*|importance|x-priority|priority|disposition-notification-to|return-receipt-to)$/i;

/** A draft as the mail that it will be, when it is sent at this time. */
export function readWrittenMail(
  { messages, attachments, extendedProperties }: GraphContext,
  message: StoredMessage,
  sentAt: Date,
): OutgoingMail {
  const { content } = message;
  const { html, text } = messages.readBody(message);
  const extended = extendedProperties.list(message.id);
  const propertyOf = (key: string): string | null => extended.find((each) => each.key === key)?.value ?? null;
  const mail: ReceivedMail = {
    subject: String(content.subject ?? ''),
    from: address(content.from),
    sender: address(content.sender),
    to: addresses(content.toRecipients),
    cc: addresses(content.ccRecipients),
    bcc: addresses(content.bccRecipients),
    replyTo: addresses(content.replyTo),
    messageId: String(content.internetMessageId),
    references: [],
    sentAt,
    importance: content.importance as ReceivedMail['importance'],
    isReadReceiptRequested: content.isReadReceiptRequested === true,
    isDeliveryReceiptRequested: content.isDeliveryReceiptRequested === true,
    html,
    text,
    headers: [],
    attachments: attachments.list(message).map((each) => attachments.readMail(each)),
    meeting: null,
  };
  const own = (messages.readHeaders(message) as MailHeader[]).filter(({ name }) => !COMPOSED.test(name));
  const named = extended.flatMap(({ header, value }) => (header === null ? [] : [{ name: header, value }]));
  return {
    mail,
    messageId: String(content.internetMessageId),
    sentAt,
    inReplyTo: propertyOf(IN_REPLY_TO),
    references: propertyOf(REFERENCES) ?? propertyOf(IN_REPLY_TO),
    headers: [
      ...own,
      ...named,
      { name: 'Thread-Topic', value: topicOf(mail.subject ?? '') },
      { name: 'Thread-Index', value: String(content.conversationIndex) },
    ],
  };
}

/** The subject without the prefix of an answer, as Exchange normalises it: up to three letters and a colon. */
export function topicOf(subject: string): string {
  return subject.replace(/^\s*[^\s:\d]{1,3}:\s+/u, '');
}

interface Recipient {
  readonly emailAddress: MailAddress;
}

export function addresses(recipients: unknown): MailAddress[] {
  return Array.isArray(recipients) ? recipients.flatMap((each) => address(each) ?? []) : [];
}

export function address(recipient: unknown): MailAddress | null {
  return (recipient as Recipient | null | undefined)?.emailAddress ?? null;
}
