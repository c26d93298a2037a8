import { decodeWords, type Email } from 'postal-mime';
import { cutText, MOST_NAME_CHARACTERS } from '../../../domain/message-limits.ts';
import { partBytes } from './as-message.ts';
import { decodedText } from './decoded-text.ts';
import type { ParsedReport, ReportedRecipient, ReportReason } from './parsed-content.ts';
import { reasonByWords } from './report-words.ts';

const MOST_RECIPIENTS = 500;
const MOST_DIAGNOSTIC_CHARACTERS = 2_000;

/** What a delivery report or a read receipt says (RFC 3464, RFC 8098); undefined: it is none. */
export function reportOf(email: Email): ParsedReport | undefined {
  const find = (type: string) => email.attachments.find(({ mimeType }) => mimeType === type);
  const status = find('message/delivery-status') ?? find('message/global-delivery-status');
  if (status) return { ...readDeliveryStatus(decodedText(partBytes(status))), about: aboutOf(email) };
  const receipt = find('message/disposition-notification') ?? find('message/global-disposition-notification');
  if (!receipt) return undefined;
  const read = readDispositionNotification(decodedText(partBytes(receipt)), email.from?.address);
  const about = aboutOf(email);
  return { ...read, about: { ...about, messageId: about.messageId ?? read.about.messageId } };
}

/** The part of a report that programs read. */
export function readDeliveryStatus(text: string): ParsedReport {
  const [ofMessage = new Map<string, string>(), ...groups] = fieldGroups(text);
  // Some servers leave out the first group, which is about the whole message.
  const ofRecipients =
    ofMessage.has('final-recipient') || ofMessage.has('original-recipient') ? [ofMessage, ...groups] : groups;
  return {
    kind: 'report',
    type: 'delivery',
    recipients: ofRecipients.slice(0, MOST_RECIPIENTS).flatMap(recipientOf),
    about: { subject: null, messageId: null },
    reportedBy: typed(ofMessage.get('reporting-mta')) ?? null,
  };
}

/** `sender`: who sent the receipt, and so is its reader where no field says so. */
export function readDispositionNotification(text: string, sender?: string): ParsedReport {
  const [fields = new Map<string, string>()] = fieldGroups(text);
  const address = typed(fields.get('final-recipient')) ?? typed(fields.get('original-recipient')) ?? sender;
  // `manual-action/MDN-sent-manually; displayed`, with modifiers after a slash. Some clients leave one of both halves out.
  const disposition = fields.get('disposition') ?? '';
  const hasMode = disposition.includes(';') || /MDN-sent/i.test(disposition);
  const action = wordOf(hasMode ? disposition.replace(/^[^;]*;?/, '') : disposition);
  return {
    kind: 'report',
    type: 'read-receipt',
    recipients: address === undefined ? [] : [{ address, action, status: null, reason: null, diagnostic: null }],
    about: { subject: null, messageId: fields.get('original-message-id') ?? null },
    reportedBy: fields.get('reporting-ua') ?? null,
  };
}

/** An enhanced status code (RFC 3463), which is no part of an IP address. */
const CODE = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)/;

/** The first word of a field, without comments: `Failed (bad mailbox)`, `displayed/error`. */
function wordOf(value = ''): string {
  return /^[\s;]*([\w-]*)/.exec(value.replaceAll(/\([^()]*\)/g, ' '))?.[1]?.toLowerCase() ?? '';
}

function recipientOf(fields: ReadonlyMap<string, string>): ReportedRecipient[] {
  const address = typed(fields.get('original-recipient')) ?? typed(fields.get('final-recipient'));
  if (address === undefined) return [];
  const action = wordOf(fields.get('action'));
  const written = typed(fields.get('diagnostic-code'));
  const diagnostic = written === undefined ? null : cutText(written, MOST_DIAGNOSTIC_CHARACTERS);
  const status = CODE.exec(fields.get('status') ?? '')?.[0] ?? null;
  // Some servers give `5.0.0`, or nothing, and the real code in the words of the other one.
  const told = CODE.exec(diagnostic ?? '')?.[0];
  const exact = (status === null || status.endsWith('.0.0')) && told !== undefined ? told : status;
  const reason = /^(failed|delayed)$/.test(action) ? reasonOf(exact, diagnostic ?? '') : null;
  return [{ address, action, status: exact, reason, diagnostic }];
}

/** Classes of RFC 3463, and what Exchange makes of them (learn.microsoft.com, "NDR error codes in Exchange Online"). */
const reasonsByStatus: readonly (readonly [pattern: RegExp, reason: ReportReason])[] = [
  [/^[45]\.1\.(1|3|6|10)$|^5\.4\.1$/, 'mailbox-unknown'],
  [/^[45]\.1\.2$|^[45]\.4\.(4|310|312)$/, 'domain-unknown'],
  [/^[45]\.2\.2$/, 'mailbox-full'],
  [/^[45]\.2\.1$/, 'mailbox-disabled'],
  [/^[45]\.2\.3$|^[45]\.3\.4$/, 'too-large'],
  [/^[45]\.4\.(6|14)$/, 'loop'],
  [/^[45]\.4\.7$/, 'expired'],
  [/^[45]\.(7\.|2\.(0|4)$)/, 'refused'],
  [/^[45]\.4\./, 'not-reachable'],
];

function reasonOf(status: string | null, diagnostic: string): ReportReason {
  const found = reasonsByStatus.find(([pattern]) => status !== null && pattern.test(status));
  return found?.[1] ?? reasonByWords(diagnostic) ?? 'other';
}

/** Groups of fields between lines that show nothing; folded lines are joined. The first field of a name counts. */
function fieldGroups(text: string): readonly ReadonlyMap<string, string>[] {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/^[ \t]+$/gm, '')
    .replaceAll(/\n[ \t]+/g, ' ')
    .split(/\n{2,}/)
    .map((group) => {
      const fields = new Map<string, string>();
      for (const line of group.split('\n')) {
        const colon = line.indexOf(':');
        const name = line.slice(0, colon).trim().toLowerCase();
        if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
      }
      return fields;
    })
    .filter(({ size }) => size > 0);
}

/** The value of `rfc822; someone@example.net`, or of `utf-8; \x{F6}@example.net` (RFC 6533, section 3). */
function typed(value: string | undefined): string | undefined {
  const bare = value
    ?.replace(/^[\w-]+\s*;\s*/, '')
    .replaceAll(/^<|>$/g, '')
    .replaceAll(/\\x\{(10[0-9a-f]{4}|[0-9a-f]{1,5})\}/gi, (_whole, code: string) =>
      String.fromCodePoint(Number.parseInt(code, 16)),
    )
    .toWellFormed()
    .trim();
  return bare ? cutText(bare, Math.max(MOST_NAME_CHARACTERS, MOST_DIAGNOSTIC_CHARACTERS)) : undefined;
}

/** The message that the report returns, whole or its headers. */
function aboutOf({ attachments }: Email): ParsedReport['about'] {
  const returned = attachments.find(({ mimeType }) =>
    /^(message\/(rfc822|global|global-headers)|text\/rfc822-headers)$/.test(mimeType),
  );
  const head = returned ? (decodedText(partBytes(returned).subarray(0, 65_536)).split(/\r?\n\r?\n/)[0] ?? '') : '';
  const [fields = new Map<string, string>()] = fieldGroups(head);
  const subject = fields.get('subject');
  return {
    subject: subject === undefined ? null : cutText(decodeWords(subject), MOST_NAME_CHARACTERS),
    messageId: fields.get('message-id') ?? null,
  };
}
