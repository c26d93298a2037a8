import type { ReceivedMail } from '../../mail/received-mail.ts';
import { GraphError } from '../graph-error.ts';
import type { ExtendedProperty } from './create-extended-properties.ts';
import { readExtendedProperties } from './read-extended-properties.ts';
import { readInternetMessageHeaders } from './read-headers.ts';
import { readBody, readBoolean, readOneOf, readRecipient, readRecipients, readText } from './read-values.ts';

type Written = { -readonly [Name in keyof ReceivedMail]?: ReceivedMail[Name] };

/** What a request writes into a draft. */
export interface DraftChanges {
  /** Properties of the mail. */
  readonly mail: Written;
  readonly extended: readonly ExtendedProperty[];
}

type Reader = (value: unknown, name: string) => Written;

/** The properties that only a draft lets change (learn.microsoft.com/graph/api/message-update). */
const READERS: Readonly<Record<string, Reader>> = {
  subject: (value) => ({ subject: value === null ? null : readText('subject', value) }),
  body: (value) => readBody(value),
  from: (value) => ({ from: value === null ? null : readRecipient('from', value) }),
  sender: (value) => ({ sender: value === null ? null : readRecipient('sender', value) }),
  toRecipients: (value, name) => ({ to: readRecipients(name, value) }),
  ccRecipients: (value, name) => ({ cc: readRecipients(name, value) }),
  bccRecipients: (value, name) => ({ bcc: readRecipients(name, value) }),
  replyTo: (value, name) => ({ replyTo: readRecipients(name, value) }),
  internetMessageId: (value, name) => ({ messageId: readText(name, value) }),
  isReadReceiptRequested: (value, name) => ({ isReadReceiptRequested: readBoolean(name, value) }),
  isDeliveryReceiptRequested: (value, name) => ({ isDeliveryReceiptRequested: readBoolean(name, value) }),
};

/** Reads the properties that a draft has of its own; the others are those of every message. */
export function readDraft(body: Readonly<Record<string, unknown>>): DraftChanges {
  const mail: Written = {};
  for (const [name, value] of Object.entries(body)) {
    const read = READERS[name];
    if (read) Object.assign(mail, read(value, name));
  }
  if (body.importance !== undefined)
    mail.importance = readOneOf('importance', body.importance, ['low', 'normal', 'high']);
  const { singleValueExtendedProperties: extended } = body;
  return { mail, extended: extended === undefined ? [] : readExtendedProperties(extended) };
}

/** Like `readDraft`, for a message that comes into being: only then can headers be given. */
export function readNewDraft(body: Readonly<Record<string, unknown>>): DraftChanges {
  const { mail, extended } = readDraft(body);
  const { internetMessageHeaders: headers } = body;
  if (headers === undefined || headers === null) return { mail, extended };
  return { mail: { ...mail, headers: readInternetMessageHeaders(headers) }, extended };
}

/** Whether a request would change what cannot be changed any more once a mail was sent or received. */
export function checkChangesNoMail(body: Readonly<Record<string, unknown>>): void {
  if (Object.keys(body).some((name) => READERS[name])) {
    throw new GraphError(400, 'ErrorInvalidPropertySet', 'Set action is invalid for property.');
  }
}

/** The mail of a draft in which nothing was written. */
export const EMPTY_MAIL: ReceivedMail = {
  subject: '',
  from: null,
  sender: null,
  to: [],
  cc: [],
  bcc: [],
  replyTo: [],
  messageId: null,
  references: [],
  sentAt: null,
  importance: 'normal',
  isReadReceiptRequested: false,
  isDeliveryReceiptRequested: false,
  html: '',
  text: null,
  headers: [],
  attachments: [],
  meeting: null,
};
