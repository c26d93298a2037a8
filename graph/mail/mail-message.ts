import type { FailureReason } from '../../domain/failure.ts';
import { storableText } from '../../domain/storable-text.ts';
import { showsNothing } from '../../domain/words/invisible-text.ts';
import { parseGraphDate } from '../client/graph-date.ts';

/** A name and an address as the message carries them; either can be missing, and the address may not be an SMTP one. */
export interface MailAddress {
  readonly name?: string | undefined;
  readonly address?: string | undefined;
}

export interface MailHeader {
  readonly name: string;
  readonly value: string;
}

export interface MailBody {
  /** The type that Graph actually returned, whatever was requested: one page may mix both. */
  readonly contentType: 'html' | 'text';
  readonly content: string;
}

/** One e-mail in our own fields. Values are unchanged, except that an absent subject is "". */
export interface MailMessage {
  /** The immutable id: it survives a move inside the mailbox. Case-sensitive. */
  readonly id: string;
  /** Changes with every edit of the item. */
  readonly changeKey?: string | undefined;
  /** `Message-ID`, with angle brackets. Not unique. */
  readonly internetMessageId?: string | undefined;
  readonly conversationId?: string | undefined;
  readonly subject: string;
  readonly from?: MailAddress | undefined;
  readonly sender?: MailAddress | undefined;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly bcc: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  readonly receivedAt?: Date | undefined;
  readonly sentAt?: Date | undefined;
  readonly body: MailBody;
  /** The first 255 characters of the text. */
  readonly bodyPreview: string;
  /** Undefined when the answer did not include them: read the message on its own to get them. */
  readonly headers?: readonly MailHeader[] | undefined;
  /** False when only inline parts exist. */
  readonly hasAttachments: boolean;
  readonly importance: 'low' | 'normal' | 'high';
  readonly isDraft: boolean;
  readonly folderId?: string | undefined;
  readonly categories: readonly string[];
  /** Address of the message in Outlook on the web. */
  readonly webLink?: string | undefined;
  /** What the message is in a calendar, where Graph says so; undefined: an ordinary mail. */
  readonly meeting?: MeetingKind | undefined;
}

/** The types that Graph derives from `eventMessage`; `notice`: anything else, such as a cancellation. */
export type MeetingKind = 'request' | 'response' | 'notice';

/** Named in delta pages at no cost; `meetingMessageType` cannot be selected there. */
const meetingKinds: Readonly<Record<string, MeetingKind>> = {
  '#microsoft.graph.eventMessage': 'notice',
  '#microsoft.graph.eventMessageRequest': 'request',
  '#microsoft.graph.eventMessageResponse': 'response',
};

/** The readable part of a message that cannot be read as a whole. */
export interface MailPreview {
  readonly subject?: string | undefined;
  readonly from?: MailAddress | undefined;
  readonly receivedAt?: Date | undefined;
  /** The first 255 characters of the text. */
  readonly text?: string | undefined;
}

/** Properties of Graph that make up a MailMessage: the `$select` of every request for mail. */
export const mailMessageProperties = [
  'id',
  'changeKey',
  'internetMessageId',
  'conversationId',
  'subject',
  'from',
  'sender',
  'toRecipients',
  'ccRecipients',
  'bccRecipients',
  'replyTo',
  'receivedDateTime',
  'sentDateTime',
  'body',
  'bodyPreview',
  'internetMessageHeaders',
  'hasAttachments',
  'importance',
  'isDraft',
  'parentFolderId',
  'categories',
  'webLink',
] as const;

/**
 * Absent (not: null) in an item of a delta page means that the page only reports changes (microsoft-graph-docs issue
 * 7776). A capture requires these properties.
 */
const neededProperties = ['subject', 'from', 'toRecipients', 'receivedDateTime', 'body', 'parentFolderId'] as const;

export type ParsedMailMessage =
  | { readonly kind: 'message'; readonly message: MailMessage }
  | { readonly kind: 'partial'; readonly id: string }
  | {
      readonly kind: 'unreadable';
      readonly id: string | undefined;
      readonly reason: FailureReason;
      readonly preview?: MailPreview | undefined;
    };

/**
 * Reads one message of Graph. Never throws. Every property of the schema is nullable and real answers use that, so null
 * and absent are the empty value; a value whose loss would lose content (a body, a subject or a date of the wrong
 * shape) makes the message unreadable instead of half read. Unknown members are ignored: message is an open type.
 *
 * Written by hand: a schema library costs several times as much, for thousands of messages a second.
 *
 * @param json the item, already out of its JSON text
 * @param whole true for the answer to a request for this one message, where an absent property has no value; in a delta
 * page an absent needed property makes the item `partial`
 */
export function parseMailMessage(json: unknown, whole = false): ParsedMailMessage {
  if (!isRecord(json)) return { kind: 'unreadable', id: undefined, reason: 'unreadable' };
  const { id } = json;
  if (!isGraphId(id)) {
    return { kind: 'unreadable', id: undefined, reason: 'unreadable', preview: previewOf(json) };
  }
  if (!whole && neededProperties.some((property) => json[property] === undefined)) return { kind: 'partial', id };

  const subject = json.subject ?? '';
  const body = parseBody(json.body);
  const receivedAt = parseGraphDate(json.receivedDateTime);
  if (typeof subject !== 'string' || body === undefined || receivedAt === null) {
    return { kind: 'unreadable', id, reason: 'unreadable', preview: previewOf(json) };
  }
  return {
    kind: 'message',
    message: {
      id,
      changeKey: text(json.changeKey),
      internetMessageId: text(json.internetMessageId),
      conversationId: text(json.conversationId),
      subject,
      from: parseRecipient(json.from),
      sender: parseRecipient(json.sender),
      to: parseRecipients(json.toRecipients),
      cc: parseRecipients(json.ccRecipients),
      bcc: parseRecipients(json.bccRecipients),
      replyTo: parseRecipients(json.replyTo),
      receivedAt,
      sentAt: parseGraphDate(json.sentDateTime) ?? undefined,
      body,
      bodyPreview: text(json.bodyPreview) ?? '',
      headers: parseHeaders(json.internetMessageHeaders),
      hasAttachments: json.hasAttachments === true,
      importance: parseImportance(json.importance),
      isDraft: json.isDraft === true,
      folderId: text(json.parentFolderId),
      categories: Array.isArray(json.categories) ? json.categories.filter(isString) : [],
      webLink: parseWebLink(json.webLink),
      meeting: parseMeeting(json['@odata.type']),
    },
  };
}

/** Properties by which a person recognises a message. No bodies: some of them are why a message cannot be read. */
export const mailPreviewProperties = ['id', 'subject', 'from', 'receivedDateTime', 'bodyPreview'] as const;

/** Reads the readable part of a message that cannot be read as a whole. Never throws. */
export function parseMailPreview(json: unknown): MailPreview | undefined {
  return isRecord(json) ? previewOf(json) : undefined;
}

/** Undefined when no part of it is readable. */
function previewOf(json: Readonly<Record<string, unknown>>): MailPreview | undefined {
  const preview = {
    subject: text(json.subject),
    from: parseRecipient(json.from),
    receivedAt: parseGraphDate(json.receivedDateTime) ?? undefined,
    text: text(json.bodyPreview),
  };
  return Object.values(preview).some((known) => known !== undefined) ? preview : undefined;
}

/** A null body is empty; an absent one means that we may not read it, and counts as no body. */
function parseBody(value: unknown): MailBody | undefined {
  if (value === null) return { contentType: 'text', content: '' };
  if (!isRecord(value)) return undefined;
  const content = value.content ?? '';
  if (typeof content !== 'string') return undefined;
  return { contentType: value.contentType === 'html' ? 'html' : 'text', content };
}

function parseRecipients(value: unknown): MailAddress[] {
  if (!Array.isArray(value)) return [];
  const addresses: MailAddress[] = [];
  for (const recipient of value) {
    const address = parseRecipient(recipient);
    if (address !== undefined) addresses.push(address);
  }
  return addresses;
}

function parseRecipient(value: unknown): MailAddress | undefined {
  if (!isRecord(value) || !isRecord(value.emailAddress)) return undefined;
  const name = shownText(value.emailAddress.name);
  const address = text(value.emailAddress.address);
  return name === undefined && address === undefined ? undefined : { name, address };
}

function parseHeaders(value: unknown): MailHeader[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) return [];
  const headers: MailHeader[] = [];
  for (const header of value) {
    if (!isRecord(header) || typeof header.name !== 'string') continue;
    headers.push({ name: header.name, value: isString(header.value) ? header.value : '' });
  }
  return headers;
}

function parseImportance(value: unknown): MailMessage['importance'] {
  return value === 'low' || value === 'high' ? value : 'normal';
}

/** Shown as a link, so nothing but https. */
export function parseWebLink(value: unknown): string | undefined {
  return URL.parse(text(value) ?? '')?.protocol === 'https:' ? text(value) : undefined;
}

function parseMeeting(type: unknown): MeetingKind | undefined {
  return isString(type) && Object.hasOwn(meetingKinds, type) ? meetingKinds[type] : undefined;
}

/** Some hundred characters in Exchange. PostgreSQL indexes a few thousand bytes. */
const LONGEST_ID = 1_000;

/** Whether a value can be an id: the rows of a whole page would be refused for one that is too long, or holds NUL. */
export function isGraphId(value: unknown): value is string {
  return isString(value) && value !== '' && value.length <= LONGEST_ID && storableText(value) === value;
}

/** A text that is not empty. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A name that shows nothing would take the place of the address. */
function shownText(value: unknown): string | undefined {
  return typeof value === 'string' && !showsNothing(value) ? value : undefined;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
