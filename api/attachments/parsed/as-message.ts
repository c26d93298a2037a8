import type { Address, Attachment, Email } from 'postal-mime';
import { cutFileName } from '../../../domain/cut-file-name.ts';
import {
  cutText,
  MOST_NAME_CHARACTERS,
  MOST_RECIPIENTS,
  MOST_SUBJECT_CHARACTERS,
} from '../../../domain/message-limits.ts';
import { specialKindOf } from '../../../domain/special-mail.ts';
import type { ParsedMessage, ParsedPart, Person } from './parsed-content.ts';

const MOST_TEXT_CHARACTERS = 1_000_000;
/** As for mail itself (database/queues/messages.ts). */
const MOST_HTML_CHARACTERS = 4_000_000;
const MOST_PARTS = 250;

export function partBytes({ content }: Attachment): Uint8Array {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  return content instanceof Uint8Array ? content : new Uint8Array(content);
}

/** `place`: the parts that lead to this message; empty: it is the outermost. */
export function asMessage(email: Email, place: readonly number[]): ParsedMessage {
  const attachments = email.attachments.slice(0, MOST_PARTS).map((each, index) => asPart(each, [...place, index]));
  const { html = '' } = email;
  const text = cutText(email.text ?? '', MOST_TEXT_CHARACTERS);
  return {
    kind: 'message',
    subject: cutText(email.subject ?? '', MOST_SUBJECT_CHARACTERS),
    from: people(email.from)[0] ?? null,
    sender: people(email.sender)[0] ?? null,
    to: people(email.to),
    cc: people(email.cc),
    replyTo: people(email.replyTo),
    sentAt: isoTime(email.date),
    text,
    html: html === '' || html.length > MOST_HTML_CHARACTERS ? null : html,
    attachments,
    special: specialKindOf({
      headers: email.headers.map(({ key, value }) => ({ name: key, value })),
      meeting: null,
      attachments,
      bodyText: text,
    }),
  };
}

function asPart(attachment: Attachment, place: readonly number[]): ParsedPart {
  const { filename, mimeType, disposition, related, contentId } = attachment;
  return {
    part: place.join('.'),
    name: cutFileName(filename ?? ''),
    contentType: mimeType === '' ? null : cutText(mimeType, MOST_NAME_CHARACTERS),
    size: partBytes(attachment).length,
    isInline: disposition === 'inline' || related === true,
    contentId: contentId === undefined ? null : cutText(contentId.replaceAll(/^<|>$/g, ''), MOST_NAME_CHARACTERS),
  };
}

/** Groups are unfolded to their members. */
function people(given: Address | readonly Address[] | undefined): Person[] {
  const all = given === undefined ? [] : [given].flat();
  return all
    .flatMap((each): readonly { name: string; address: string }[] => each.group ?? [each])
    .slice(0, MOST_RECIPIENTS)
    .map(({ name, address }) => person(name, address));
}

/** Without what is empty. */
export function person(name: string | undefined, address: string | undefined): Person {
  return {
    ...(name ? { name: cutText(name, MOST_NAME_CHARACTERS) } : {}),
    ...(address ? { address: cutText(address, MOST_NAME_CHARACTERS) } : {}),
  };
}

function isoTime(text: string | undefined): string | null {
  const at = new Date(text ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
