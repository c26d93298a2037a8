import { foldAddress } from './fold-address.ts';

/** Traits that identify a message under another id. Its Message-ID and time of receipt agree already. */
export interface MailTraits {
  readonly subject: string;
  /** The sender's address. */
  readonly from: string | undefined;
  /** The body as the mail server returned it: HTML if there is any. */
  readonly content: string;
  readonly hasAttachments: boolean;
  /** Empty although the message has attachments: their list could not be read. */
  readonly attachments: readonly AttachmentTraits[];
}

export interface AttachmentTraits {
  readonly name: string;
  /** Bytes, as the mail server counts. */
  readonly size: number;
}

/**
 * True for two readings of one message: same sender, subject, body and attachments (decision 32). White space in the
 * body does not count, because mail servers fold lines when they import a message.
 */
export function isSameMail(one: MailTraits, other: MailTraits): boolean {
  const isListUnknown = [one, other].some(({ hasAttachments, attachments }) => hasAttachments && !attachments.length);
  return isListUnknown
    ? mailKey({ ...one, attachments: [] }) === mailKey({ ...other, attachments: [] })
    : mailKey(one) === mailKey(other);
}

/** Equal for two readings of one message. */
export function mailKey({ from = '', subject, content, attachments }: MailTraits): string {
  const list = attachments.map(({ name, size }) => JSON.stringify([name, size])).toSorted();
  return JSON.stringify([foldAddress(from), subject, content.replace(/\s+/g, ''), list]);
}
