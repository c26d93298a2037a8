import type { MailAddress } from '../../mail/received-mail.ts';
import type { StoredMessage } from '../stored-message.ts';
import { address, addresses, topicOf } from './read-written-mail.ts';

export const ANSWER_KINDS = ['reply', 'replyAll', 'forward'] as const;

export type AnswerKind = (typeof ANSWER_KINDS)[number];

/** Whom an answer goes to, before the client changes it, and its subject. */
export interface AnswerEnvelope {
  readonly subject: string;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
}

/**
 * The recipients as Exchange computes them: replies go to Reply-To where the mail has one
 * (learn.microsoft.com/graph/api/message-createreply), and a reply to all leaves out the mailbox itself.
 */
export function envelopeOf(kind: AnswerKind, original: StoredMessage, own: ReadonlySet<string>): AnswerEnvelope {
  const { subject, from, sender, replyTo, toRecipients, ccRecipients } = original.content;
  const prefix = kind === 'forward' ? 'FW: ' : 'RE: ';
  const common = { subject: `${prefix}${topicOf(String(subject ?? ''))}` };
  if (kind === 'forward') return { ...common, to: [], cc: [] };
  const wished = addresses(replyTo);
  const author = address(from) ?? address(sender);
  const back = wished.length > 0 ? wished : author === null ? [] : [author];
  if (kind === 'reply') return { ...common, to: back, cc: [] };
  const seen = new Set<string>();
  const others = (list: readonly MailAddress[]): MailAddress[] =>
    list.filter((each) => {
      const key = each.address.toLowerCase();
      if (own.has(key) || seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  for (const each of back) seen.add(each.address.toLowerCase());
  return { ...common, to: [...back, ...others(addresses(toRecipients))], cc: others(addresses(ccRecipients)) };
}
