import { readMime } from '../../mail/read-mime.ts';
import { GraphError } from '../graph-error.ts';
import { checkIsObject } from '../routes/find-in-call.ts';
import { readMessageChanges } from '../routes/read-message-changes.ts';
import type { NewDraft } from './create-draft.ts';
import { IN_REPLY_TO, parseExtendedPropertyId, REFERENCES } from './extended-property-id.ts';
import { readNewAttachments } from './read-attachment.ts';
import { EMPTY_MAIL, readNewDraft } from './read-draft.ts';

/** A new message of a request: properties in JSON, or MIME in base64. */
export async function readNewMessage(body: unknown): Promise<NewDraft> {
  return typeof body === 'string' ? await readMimeDraft(body) : await readJsonDraft(checkIsObject(body));
}

/** `from` is the mail to which the request's properties are added. */
export async function readJsonDraft(
  body: Readonly<Record<string, unknown>>,
  from: NewDraft = { mail: EMPTY_MAIL, mime: null, extended: [], others: {} },
): Promise<NewDraft> {
  const { mail, extended } = readNewDraft(body);
  const attachments = body.attachments === undefined ? [] : await readNewAttachments(body.attachments);
  return {
    ...from,
    mail: { ...from.mail, ...mail, attachments: [...from.mail.attachments, ...attachments] },
    extended: [...from.extended, ...extended],
    others: readMessageChanges(body),
  };
}

export async function readMimeDraft(base64: string): Promise<NewDraft> {
  const mime = decodeMime(base64);
  const mail = await readMime(mime);
  return { mail, mime, extended: threadProperties(mail.references), others: {} };
}

/** Of the Message-IDs of a thread, oldest first, the last one is answered. */
export function threadProperties(references: readonly string[]): NewDraft['extended'] {
  const last = references.at(-1);
  if (last === undefined) return [];
  return [
    { ...parseExtendedPropertyId(IN_REPLY_TO), value: last },
    { ...parseExtendedPropertyId(REFERENCES), value: references.join(' ') },
  ];
}

/** Throws for a text that is no base64, or that holds no mail. */
function decodeMime(base64: string): Buffer {
  const packed = base64.replace(/\s+/g, '');
  const mime = Buffer.from(packed, 'base64');
  const isBase64 =
    /^[A-Za-z0-9+/]+={0,2}$/.test(packed) && mime.toString('base64').replace(/=+$/, '') === packed.replace(/=+$/, '');
  if (!isBase64) {
    const message = 'Invalid base64 string for MIME content.';
    throw new GraphError(400, 'ErrorMimeContentInvalidBase64String', message);
  }
  return mime;
}
