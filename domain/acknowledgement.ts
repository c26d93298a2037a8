import { findAutomatic, refusesAutomaticAnswers } from './automatic-mail.ts';
import { foldAddress } from './fold-address.ts';
import { mailAddress } from './mail-address.ts';
import type { RoutableMessage } from './routing.ts';

/** The automatic acknowledgement of a queue. */
export interface Acknowledgement {
  /** HTML with placeholders such as `{{customer.name}}`. */
  readonly html: string;
  /** Days within which an address gets one from a mailbox. */
  readonly everyDays: number;
}

export const MOST_ACKNOWLEDGEMENT_DAYS = 365;
/** Older mail is caught up: its sender has waited, and an acknowledgement would be a surprise. */
export const ACKNOWLEDGED_WITHIN_HOURS = 24;

/** What became of an acknowledgement: it was put into the outbox, or why not. */
export const acknowledgementOutcomes = [
  'sent',
  'automatic-mail',
  'asks-for-none',
  'no-sender',
  'own-mailbox',
  'acknowledged-before',
  'answered-conversation',
  'too-old',
  'not-open',
  'turned-off',
  'cannot-send',
] as const;
export type AcknowledgementOutcome = (typeof acknowledgementOutcomes)[number];

interface ReceivedMail extends Pick<RoutableMessage, 'from' | 'recipients'> {
  readonly headers?: RoutableMessage['headers'] | null;
}

/**
 * To whom a mail is acknowledged, or why it is not (RFC 3834, sections 2 and 4): only what a person wrote, as far as the
 * mail says, and to the sender of its envelope, so that what comes back by mistake ends where bounces end.
 * `ownAddresses`: folded, of all mailboxes of this installation.
 */
export function acknowledgedAddress(
  mail: ReceivedMail,
  ownAddresses: ReadonlySet<string>,
): { readonly address: string } | { readonly outcome: AcknowledgementOutcome } {
  if (findAutomatic(mail) !== undefined) return { outcome: 'automatic-mail' };
  if (refusesAutomaticAnswers(mail)) return { outcome: 'asks-for-none' };
  const author = mail.from?.address?.trim() ?? '';
  const address = returnPathOf(mail.headers ?? []) ?? author;
  if (!mailAddress.test(author) || !mailAddress.test(address)) return { outcome: 'no-sender' };
  if (ownAddresses.has(foldAddress(address)) || ownAddresses.has(foldAddress(author)))
    return { outcome: 'own-mailbox' };
  return { address };
}

function returnPathOf(headers: NonNullable<RoutableMessage['headers']>): string | undefined {
  const value = headers.find(({ name }) => name.toLowerCase() === 'return-path')?.value.trim();
  return value === undefined ? undefined : value.replace(/^<|>$/g, '');
}
