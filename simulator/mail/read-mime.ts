import { isUtf8 } from 'node:buffer';
import { type Attachment, type ParsedMail, simpleParser } from 'mailparser';
import { decodeHeaders } from './decode-headers.ts';
import { oneLine } from './one-line.ts';
import { prepareParts } from './prepare-parts.ts';
import { readAddresses } from './read-addresses.ts';
import { readHeaders } from './read-headers.ts';
import { readMeeting } from './read-meeting.ts';
import type { MailAttachment, MailHeader, ReceivedMail } from './received-mail.ts';

/** Graph shows attached messages inside attached messages down to 30 levels. */
const DEEPEST_ATTACHED_MESSAGE = 30;

/** Some real mails have headers of megabytes; only the size of the whole mail is limited. */
const LARGEST_HEADER_BLOCK = 32 * 1024 * 1024;

/**
 * Parses a raw e-mail. Never fails: if the MIME library refuses a mail, its headers and text are kept as they are.
 * mailparser was chosen because it got more of 250 real messages right than postal-mime: charsets (ISO-2022-JP, Big5,
 * declared and undeclared), comments in addresses, delivery reports; and it needed half the time.
 */
export async function readMime(mime: Buffer, depth = 0): Promise<ReceivedMail> {
  const headers = readHeaders(mime);
  try {
    const mail = await simpleParser(prepareParts(decodeHeaders(mime)), {
      ignoreEmbedded: true,
      keepDeliveryStatus: true,
      keepCidLinks: true,
      skipTextLinks: true,
      checksumAlgo: false,
      skipHtmlToText: true,
      maxHeadSize: LARGEST_HEADER_BLOCK,
      maxChildNodes: 10_000,
    });
    return await mailFromParsed(mail, mime, headers, depth);
  } catch {
    return mailFromHeaders(mime, headers);
  }
}

async function mailFromParsed(
  mail: ParsedMail,
  mime: Buffer,
  headers: readonly MailHeader[],
  depth: number,
): Promise<ReceivedMail> {
  const html = typeof mail.html === 'string' && mail.html !== '' ? mail.html : null;
  const meeting = mail.attachments.map((part) => readMeeting(part.contentType, part.content)).find((found) => found);
  const kept = meeting ? mail.attachments.filter((part) => !isMeetingPart(part)) : mail.attachments;
  const attachments: MailAttachment[] = [];
  for (const [index, part] of kept.entries()) attachments.push(await readAttachment(part, index, html, depth));
  return {
    subject: oneLine(mail.subject ?? '') || null,
    from: readAddresses(mail.headers.get('from'))[0] ?? null,
    sender: readAddresses(mail.headers.get('sender'))[0] ?? null,
    to: readAddresses(mail.headers.get('to')),
    cc: readAddresses(mail.headers.get('cc')),
    bcc: readAddresses(mail.headers.get('bcc')),
    replyTo: readAddresses(mail.headers.get('reply-to')),
    messageId: mail.messageId ?? null,
    references: [...new Set([mail.references ?? [], mail.inReplyTo ?? []].flat().flatMap(messageIds))],
    sentAt: sentAt(mail.date, headers),
    importance: importance(mail.headers.get('priority')),
    isReadReceiptRequested: mail.headers.has('disposition-notification-to'),
    isDeliveryReceiptRequested: mail.headers.has('return-receipt-to'),
    html,
    text: mail.text || (lacksParts(mime, headers) ? textAfterHeaders(mime) : null),
    headers,
    attachments,
    meeting: meeting ?? null,
  };
}

async function readAttachment(
  part: Attachment,
  index: number,
  html: string | null,
  depth: number,
): Promise<MailAttachment> {
  const contentId = part.cid || null;
  const common = {
    content: part.content,
    contentId,
    contentLocation: textOrNull(part.headers.get('content-location')),
    isInline: contentId !== null && (part.related === true || (html?.includes(`cid:${contentId}`) ?? false)),
  };
  if (/^message\/(rfc822|global)$/i.test(part.contentType) && depth < DEEPEST_ATTACHED_MESSAGE) {
    const message = await readMime(part.content, depth + 1);
    const name = message.subject ?? part.filename ?? 'Attached message';
    return { ...common, name, contentType: part.contentType, message };
  }
  return {
    ...common,
    name: oneLine(part.filename ?? '') || unnamed(part.contentType, index),
    contentType: part.contentType,
    message: null,
  };
}

/** What is available without the MIME library: undecoded headers, and the rest as text. */
function mailFromHeaders(mime: Buffer, headers: readonly MailHeader[]): ReceivedMail {
  const first = (name: string) => headers.find((header) => header.name.toLowerCase() === name)?.value.trim() || null;
  return {
    subject: oneLine(first('subject') ?? '') || null,
    from: readAddresses(first('from'))[0] ?? null,
    sender: readAddresses(first('sender'))[0] ?? null,
    to: readAddresses(first('to')),
    cc: readAddresses(first('cc')),
    bcc: [],
    replyTo: readAddresses(first('reply-to')),
    messageId: messageIds(first('message-id') ?? '')[0] ?? null,
    references: messageIds(first('references') ?? ''),
    sentAt: sentAt(new Date(first('date') ?? Number.NaN), headers),
    importance: 'normal',
    isReadReceiptRequested: false,
    isDeliveryReceiptRequested: false,
    html: null,
    text: textAfterHeaders(mime),
    headers,
    attachments: [],
    meeting: null,
  };
}

/** Whether a mail of parts has none: its boundary is not named, or never comes. */
function lacksParts(mime: Buffer, headers: readonly MailHeader[]): boolean {
  const type = headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';
  const boundary = /\bboundary\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(type);
  return /^multipart\//i.test(type) && !(boundary && mime.includes(`\n--${boundary[1] ?? boundary[2]}`));
}

function textAfterHeaders(mime: Buffer): string {
  const start = mime.indexOf('\r\n\r\n') >= 0 ? mime.indexOf('\r\n\r\n') + 4 : mime.indexOf('\n\n') + 2;
  const bytes = mime.subarray(start);
  return isUtf8(bytes) ? bytes.toString('utf8') : new TextDecoder('windows-1252').decode(bytes);
}

/** mailparser reads an invalid date as now; such a mail has no date. */
function sentAt(parsed: Date | undefined, headers: readonly MailHeader[]): Date | null {
  if (!parsed || Number.isNaN(parsed.getTime())) return null;
  const written = headers.find((header) => header.name.toLowerCase() === 'date')?.value ?? '';
  const isNow = Math.abs(Date.now() - parsed.getTime()) < 60_000;
  return isNow && Number.isNaN(Date.parse(written.trim())) ? null : parsed;
}

function importance(priority: unknown): ReceivedMail['importance'] {
  return priority === 'high' || priority === 'low' ? priority : 'normal';
}

function messageIds(text: string): string[] {
  return text.match(/<[^<>\s]+>/g) ?? [];
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Exchange removes the meeting from the mail and shows it as properties of the message. */
function isMeetingPart(part: Attachment): boolean {
  return part.contentType.toLowerCase() === 'text/calendar' && part.contentDisposition !== 'attachment';
}

/** Exchange's names for parts without one. */
function unnamed(contentType: string, index: number): string {
  if (contentType === 'message/delivery-status') return 'details.txt';
  const extension = { 'text/plain': 'txt', 'text/html': 'htm', 'image/jpeg': 'jpg', 'message/rfc822': 'eml' }[
    contentType
  ];
  const subtype = contentType.split('/')[1]?.replace(/[^a-z0-9].*$/i, '');
  return `ATT${String(index + 1).padStart(5, '0')}.${extension ?? (subtype || 'dat')}`;
}
