import type { Meeting } from './read-meeting.ts';

/** One e-mail, independent of any mailbox. Every text is decoded. */
export interface ReceivedMail {
  readonly subject: string | null;
  readonly from: MailAddress | null;
  readonly sender: MailAddress | null;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly bcc: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  /** With angle brackets; null where the mail has none. */
  readonly messageId: string | null;
  /** Message-IDs of the mails that this one answers, oldest first. */
  readonly references: readonly string[];
  /** From the Date header; null if it is missing or invalid. */
  readonly sentAt: Date | null;
  readonly importance: 'low' | 'normal' | 'high';
  readonly isReadReceiptRequested: boolean;
  readonly isDeliveryReceiptRequested: boolean;
  readonly html: string | null;
  readonly text: string | null;
  /** In order, including duplicates, unfolded, otherwise unchanged. */
  readonly headers: readonly MailHeader[];
  readonly attachments: readonly MailAttachment[];
  readonly meeting: Meeting | null;
}

export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

export interface MailHeader {
  readonly name: string;
  readonly value: string;
}

export interface MailAttachment {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
  readonly isInline: boolean;
  readonly contentId: string | null;
  readonly contentLocation: string | null;
  /** The message inside an attached message (`message/rfc822`); null for files. */
  readonly message: ReceivedMail | null;
}
