import type { RoutableMessage } from './routing.ts';

/** What a program sent: an answer of its own, a report about other mail, one mail to many, or anything else. */
export const automaticKinds = ['reply', 'report', 'list', 'notification'] as const;
export type AutomaticKind = (typeof automaticKinds)[number];

/** Why a mail counts as automatic. */
export interface AutomaticMail {
  readonly kind: (typeof automaticKinds)[number];
  /** The header that shows it; `From` where only the sender's address does. */
  readonly header: string;
  /** As written, at most 200 characters. */
  readonly value: string;
}

type Facts = Pick<RoutableMessage, 'from' | 'recipients'> & {
  readonly headers?: RoutableMessage['headers'] | null;
};

/** The beginning of a value: enough to recognise it. */
const MOST_VALUE_CHARACTERS = 200;

/**
 * Whether a program sent this mail, by what it says of itself (RFC 3834, RFC 3464, RFC 8098, RFC 2919, and headers that
 * mail programs had before); undefined: a person did, as far as is known. A program can leave out every mark, so an
 * automatic answer needs a limit for each sender besides.
 */
export function findAutomatic(message: Facts): AutomaticMail | undefined {
  const headers = message.headers ?? [];
  for (const mark of [reportMark, replyMark, notificationMark, listMark]) {
    for (const { name, value } of headers) {
      const kind = mark(name.toLowerCase(), plainValue(value));
      if (kind) return { kind, header: name, value: value.trim().slice(0, MOST_VALUE_CHARACTERS) };
    }
  }
  return bySender(message);
}

/**
 * The sender asks programs, such as an automatic acknowledgement, not to answer. Exchange stamps this on ordinary mail,
 * too, so it does not make a mail automatic.
 */
export function refusesAutomaticAnswers({ headers }: Pick<Facts, 'headers'>): boolean {
  return (headers ?? []).some(
    ({ name, value }) =>
      name.toLowerCase() === 'x-auto-response-suppress' && /\b(?:all|oof|autoreply)\b/i.test(plainValue(value)),
  );
}

type Mark = (name: string, value: string) => AutomaticMail['kind'] | undefined;

const reportMark: Mark = (name, value) => {
  if (name === 'content-type')
    return /^multipart\/report\b|^message\/(?:delivery|disposition)/.test(value) ? 'report' : undefined;
  if (name === 'x-failed-recipients') return 'report';
  return undefined;
};

const replyMark: Mark = (name, value) => {
  if (name === 'auto-submitted') return keywordOf(value) === 'auto-replied' ? 'reply' : undefined;
  if (name === 'precedence') return /^auto[_-]?reply$/.test(value) ? 'reply' : undefined;
  if (/^x-auto-?(?:reply|respond|responder)$/.test(name)) return /^(?:no|false|0)$/.test(value) ? undefined : 'reply';
  return undefined;
};

const notificationMark: Mark = (name, value) => {
  if (name === 'auto-submitted') return ['no', ''].includes(keywordOf(value)) ? undefined : 'notification';
  // The sender of the envelope: no address, so that nothing comes back.
  if (name === 'return-path') return /^(?:<\s*>|)$/.test(value) ? 'notification' : undefined;
  return undefined;
};

const listMark: Mark = (name, value) => {
  if (name === 'precedence') return /^(?:bulk|list|junk)$/.test(value) ? 'list' : undefined;
  // RFC 2369: `NO` stands for a list to which nothing may be posted; it is still a list.
  return /^list-(?:id|post|unsubscribe|help|subscribe|owner|archive)$/.test(name) && value !== '' ? 'list' : undefined;
};

/** Mail servers; Exchange's own address has this name in every organisation. */
const reporters = /^(?:mailer-daemon|postmaster|microsoftexchange[0-9a-f]{32})$/;
const unanswered = /^(?:no|do[-_.]?not)[-_.]?reply\b/;

/** Forms of websites write from such an address, too, but name the customer as who gets the answer. */
function bySender({ from, recipients }: Facts): AutomaticMail | undefined {
  const value = from?.address ?? '';
  const name = localPart(value);
  const found = { header: 'From', value: value.slice(0, MOST_VALUE_CHARACTERS) };
  if (reporters.test(name)) return { kind: 'report', ...found };
  const isAnswered = recipients?.replyTo.some(
    ({ address = '' }) => address !== '' && !unanswered.test(localPart(address)),
  );
  return unanswered.test(name) && !isAnswered ? { kind: 'notification', ...found } : undefined;
}

function localPart(address: string): string {
  return address.slice(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase();
}

/** Without comments and outer blanks, in lower case. */
function plainValue(value: string): string {
  return value
    .slice(0, 1_000)
    .replace(/\([^()]*\)/g, ' ')
    .trim()
    .toLowerCase();
}

/** The value before its parameters. */
function keywordOf(value: string): string {
  return value.split(';', 1)[0]?.trim() ?? '';
}
