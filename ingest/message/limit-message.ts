import type { NewAttachment, NewMessage } from '../../database/capture/message-insertion.ts';
import type { Header, Mailbox } from '../../database/schema.ts';
import { cutFileName } from '../../domain/cut-file-name.ts';
import {
  cutText,
  type LeftOut,
  MOST_ATTACHMENTS,
  MOST_CATEGORIES,
  MOST_HEADER_CHARACTERS,
  MOST_HEADERS,
  MOST_HEADERS_CHARACTERS,
  MOST_NAME_CHARACTERS,
  MOST_RECIPIENTS,
  MOST_SUBJECT_CHARACTERS,
} from '../../domain/message-limits.ts';

/**
 * Cuts a message to a size that people and pages can use: subjects of ten megabytes and 100,000 attachments are kept in
 * part. Cut texts end in an ellipsis; the message records how many entries of a list are left out. Bodies have separate
 * limits.
 */
export function limitMessage(message: NewMessage): NewMessage {
  const { recipients, headers, attachments } = message;
  const [to, moreTo] = limitPeople(recipients.to);
  const [cc, moreCc] = limitPeople(recipients.cc);
  const [bcc, moreBcc] = limitPeople(recipients.bcc);
  const [replyTo, moreReplyTo] = limitPeople(recipients.replyTo);
  const kept = headers && limitHeaders(headers);
  const leftOut = withoutNone({
    to: moreTo,
    cc: moreCc,
    bcc: moreBcc,
    replyTo: moreReplyTo,
    headers: (headers?.length ?? 0) - (kept?.length ?? 0),
    attachments: Math.max(0, attachments.length - MOST_ATTACHMENTS),
  });
  return {
    ...message,
    internetMessageId: name(message.internetMessageId),
    subject: cutText(message.subject, MOST_SUBJECT_CHARACTERS),
    from: limitPerson(message.from),
    sender: limitPerson(message.sender),
    recipients: { to, cc, bcc, replyTo },
    headers: kept,
    attachments: attachments.slice(0, MOST_ATTACHMENTS).map(limitAttachment),
    leftOut,
    webLink:
      message.webLink !== undefined && message.webLink.length <= MOST_LINK_CHARACTERS ? message.webLink : undefined,
    categories: message.categories?.slice(0, MOST_CATEGORIES).map((each) => cutText(each, MOST_NAME_CHARACTERS)),
  };
}

/** A shortened link leads nowhere. Those of Outlook have some 250 characters. */
const MOST_LINK_CHARACTERS = 2_000;

function limitPeople(people: readonly Mailbox[]): readonly [readonly Mailbox[], number] {
  const kept = people.slice(0, MOST_RECIPIENTS);
  return [kept.map((person) => limitPerson(person) as Mailbox), people.length - kept.length];
}

function limitPerson(person: Mailbox | undefined): Mailbox | undefined {
  return person && { name: name(person.name), address: name(person.address) };
}

function limitHeaders(headers: readonly Header[]): readonly Header[] {
  let left = MOST_HEADERS_CHARACTERS;
  const kept: Header[] = [];
  for (const header of headers.slice(0, MOST_HEADERS)) {
    const limited = {
      name: cutText(header.name, MOST_NAME_CHARACTERS),
      value: cutText(header.value, MOST_HEADER_CHARACTERS),
    };
    left -= limited.name.length + limited.value.length;
    if (left < 0) break;
    kept.push(limited);
  }
  return kept;
}

function limitAttachment(attachment: NewAttachment): NewAttachment {
  const { contentType, contentId } = attachment;
  return {
    ...attachment,
    name: cutFileName(attachment.name),
    contentType: name(contentType),
    contentId: name(contentId),
  };
}

function name(text: string | undefined): string | undefined {
  return text === undefined ? undefined : cutText(text, MOST_NAME_CHARACTERS);
}

function withoutNone(counts: Readonly<Record<keyof LeftOut, number>>): LeftOut | undefined {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.length > 0 ? Object.fromEntries(some) : undefined;
}
