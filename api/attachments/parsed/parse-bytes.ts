import type { SpecialKind } from '../../../domain/special-mail.ts';
import { asMessage, partBytes } from './as-message.ts';
import { decodedText } from './decoded-text.ts';
import { parseMime } from './parse-mime.ts';
import {
  type ParsedContent,
  type ParsedMessage,
  type ParsedSecured,
  type ParsedText,
  type SecuredKind,
  securedKinds,
} from './parsed-content.ts';
import { invitationOf } from './read-invitation.ts';
import { readDeliveryStatus, readDispositionNotification, reportOf } from './read-report.ts';
import { openEnvelope } from './read-secured.ts';

/** What the bytes are by name and type; a message says itself what it is. */
export type ContentForm =
  | 'message'
  | 'invitation'
  | 'delivery-status'
  | 'disposition-notification'
  | 'envelope'
  | 'text';

export interface BytesToParse {
  readonly bytes: Uint8Array;
  readonly form: ContentForm;
  /** Also what a message is besides its text: a report, an invitation, something signed. */
  readonly isSpecial: boolean;
  /** The message's place in the outermost one. */
  readonly place: readonly number[];
}

/** Reads strangers' bytes. Undefined: they are not what they were taken for. May throw: a thread reads them. */
export async function parseBytes({ bytes, form, isSpecial, place }: BytesToParse): Promise<ParsedContent | undefined> {
  switch (form) {
    case 'message':
      return await parseMessage(bytes, isSpecial, place);
    case 'invitation':
      return invitationOf(textOf(bytes).text);
    case 'delivery-status':
      return readDeliveryStatus(textOf(bytes).text);
    case 'disposition-notification':
      return readDispositionNotification(textOf(bytes).text);
    case 'envelope':
      // Exchange puts mail with its signature beside the text into a file of the same name, as it is.
      return (
        (await parseEnvelope(bytes, place)) ?? (isMime(bytes) ? await parseMessage(bytes, true, place) : undefined)
      );
    case 'text':
      return { kind: 'text', ...textOf(bytes) };
  }
}

async function parseMessage(bytes: Uint8Array, isSpecial: boolean, place: readonly number[]): Promise<ParsedContent> {
  const email = await parseMime(bytes);
  const message = asMessage(email, place);
  if (!isSpecial) return message;
  const report = reportOf(email);
  if (report) return report;
  const calendar = email.attachments.find(({ mimeType }) => mimeType === 'text/calendar');
  const invitation = calendar && invitationOf(textOf(partBytes(calendar)).text, calendar.method);
  if (invitation) return invitation;
  const envelope = envelopeIn(message);
  if (envelope !== undefined) {
    const attachment = email.attachments[envelope];
    const opened = attachment && (await parseEnvelope(partBytes(attachment), [...place, envelope]));
    if (opened) return opened;
  }
  const { special } = message;
  if (special === null || !isSecured(special)) return message;
  // A signature beside the text leaves that readable as it is; so does what PGP encrypts within a text.
  const isReadable = special !== 'encrypted' && envelope === undefined;
  return { kind: special, isVerified: false, signer: null, message: isReadable ? message : null };
}

const isSecured = (kind: SpecialKind): kind is SecuredKind => (securedKinds as readonly SpecialKind[]).includes(kind);

/** Which attachment is an S/MIME envelope. */
function envelopeIn({ attachments }: ParsedMessage): number | undefined {
  const index = attachments.findIndex(
    ({ name, contentType }) => /pkcs7-mime$/.test(contentType ?? '') || /^smime\.p7m$/i.test(name),
  );
  return index === -1 ? undefined : index;
}

const isMime = (bytes: Uint8Array) =>
  /^(content-type|mime-version)\s*:/i.test(new TextDecoder('latin1').decode(bytes.subarray(0, 64)));

async function parseEnvelope(bytes: Uint8Array, place: readonly number[]): Promise<ParsedSecured | undefined> {
  const opened = openEnvelope(bytes);
  if (!opened) return undefined;
  const { kind, mime, signer } = opened;
  return { kind, isVerified: false, signer, message: mime ? asMessage(await parseMime(mime), place) : null };
}

/**
 * The bytes of a part, `2.0`: the first part of the message that is the third part of the outermost one. What is inside
 * an envelope counts as its parts. Undefined: there is none.
 */
export async function partOf(bytes: Uint8Array, place: readonly number[]): Promise<PartBytes | undefined> {
  let content = openEnvelope(bytes)?.mime ?? bytes;
  let found: PartBytes | undefined;
  for (const index of place) {
    const attachment = (await parseMime(content)).attachments[index];
    if (!attachment) return undefined;
    const inside = partBytes(attachment);
    found = { name: attachment.filename ?? '', contentType: attachment.mimeType, bytes: inside };
    content = (/pkcs7-mime$/.test(attachment.mimeType) && openEnvelope(inside)?.mime) || inside;
  }
  return found;
}

export interface PartBytes {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

const MOST_TEXT_CHARACTERS = 1_000_000;

function textOf(bytes: Uint8Array): Omit<ParsedText, 'kind'> {
  const shown = decodedText(bytes).replaceAll('\0', '\ufffd');
  return { text: shown.slice(0, MOST_TEXT_CHARACTERS), isCut: shown.length > MOST_TEXT_CHARACTERS };
}
