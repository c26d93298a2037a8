import { MAX_SUBJECT_CHARACTERS } from './answer.ts';

/** Prefixes of replies and forwarded mail in the languages of Outlook that customers here write: *Re:*, *AW:*, *WG:* … */
const prefix = /^\s*(?:(?:re|aw|antw|antwort|sv|vs|rv|r|fw|fwd|wg|tr|i)\s*(?:\[\d+\])?\s*:\s*)+/i;

/** The subject of an answer: one prefix, however many the mail has already. */
export function answerSubject(kind: 'reply' | 'reply-all' | 'forward', subject: string): string {
  return `${kind === 'forward' ? 'Fwd' : 'Re'}: ${subject.replace(prefix, '').trim()}`.trim();
}

/** The subject of an automatic acknowledgement (RFC 3834, section 3.1.5), as long as Exchange keeps it. */
export function acknowledgementSubject(subject: string): string {
  return `Auto: ${subject.replace(prefix, '').trim()}`.trim().slice(0, MAX_SUBJECT_CHARACTERS).toWellFormed();
}

interface Correspondent {
  readonly name?: string | undefined;
  readonly address?: string | undefined;
}

interface AnsweredMail {
  readonly from: Correspondent | null;
  readonly recipients: {
    readonly to: readonly Correspondent[];
    readonly cc: readonly Correspondent[];
    readonly replyTo: readonly Correspondent[];
  };
}

type Addressed = { readonly name?: string; readonly address: string };

/**
 * Who gets an answer (RFC 5322, 3.6.3): those of Reply-To, else the sender; in a reply to all also the other recipients,
 * without the mailbox itself; none of a forwarded mail. Each address once.
 */
export function answerRecipients(
  kind: 'reply' | 'reply-all' | 'forward',
  { from, recipients }: AnsweredMail,
  ownAddresses: readonly string[],
): { readonly to: readonly Addressed[]; readonly cc: readonly Addressed[] } {
  if (kind === 'forward') return { to: [], cc: [] };
  const seen = new Set<string>();
  const once = (mailboxes: readonly Correspondent[]): Addressed[] =>
    mailboxes.flatMap(({ name, address }) => {
      const folded = address?.trim().toLowerCase() ?? '';
      if (folded === '' || seen.has(folded)) return [];
      seen.add(folded);
      return [{ ...(name ? { name } : {}), address: address?.trim() ?? '' }];
    });
  const answered = recipients.replyTo.length > 0 ? recipients.replyTo : from ? [from] : [];
  const first = once(answered);
  if (kind === 'reply') return { to: first, cc: [] };
  for (const own of ownAddresses) seen.add(own.toLowerCase());
  return { to: [...first, ...once(recipients.to)], cc: once(recipients.cc) };
}
