import type { SpecialKind } from '../../../domain/special-mail.ts';

/** Strangers' bytes, read within limits: everything in here is untrusted. */
export type ParsedContent = ParsedMessage | ParsedInvitation | ParsedReport | ParsedSecured | ParsedText;

export interface Person {
  readonly name?: string | undefined;
  readonly address?: string | undefined;
}

export interface ParsedPart {
  /** Its place, for `?part=`: `2`, or `2.0` inside an attached message. */
  readonly part: string;
  readonly name: string;
  readonly contentType: string | null;
  readonly size: number;
  readonly isInline: boolean;
  /** Without brackets. */
  readonly contentId: string | null;
}

export interface ParsedMessage {
  readonly kind: 'message';
  readonly subject: string;
  readonly from: Person | null;
  readonly sender: Person | null;
  readonly to: readonly Person[];
  readonly cc: readonly Person[];
  readonly replyTo: readonly Person[];
  /** ISO 8601; null: none that can be read. */
  readonly sentAt: string | null;
  readonly text: string;
  /** Null: none, or too long to be shown. */
  readonly html: string | null;
  readonly attachments: readonly ParsedPart[];
  /** What it is besides its text. */
  readonly special: SpecialKind | null;
}

export interface ParsedTime {
  /** ISO 8601 in UTC; null: a whole day, or a local time of no known zone. */
  readonly at: string | null;
  /** As written: `2026-05-01T10:00:00`, or `2026-05-01` for a whole day. */
  readonly local: string;
  /** Name of the zone as written; null: UTC, or none. */
  readonly zone: string | null;
}

export interface ParsedInvitation {
  readonly kind: 'invitation';
  /** REQUEST, CANCEL, REPLY, COUNTER, PUBLISH …; null: none. */
  readonly method: string | null;
  readonly summary: string;
  readonly description: string;
  /** What the sender of an answer, another time or a cancellation adds; empty: nothing. */
  readonly comment: string;
  readonly location: string;
  /** Of an online meeting; https alone. */
  readonly link: string | null;
  readonly organizer: Person | null;
  readonly attendees: readonly (Person & { readonly response: string | null; readonly isOptional: boolean })[];
  readonly start: ParsedTime | null;
  readonly end: ParsedTime | null;
  readonly isAllDay: boolean;
  /** Null: it happens once. */
  readonly recurrence: ParsedRecurrence | null;
  /** The date of the series that this event alone is about; null: all of them, or there is no series. */
  readonly replaces: ParsedTime | null;
  /** CONFIRMED, TENTATIVE, CANCELLED. */
  readonly status: string | null;
}

export interface ParsedRecurrence {
  /** DAILY, WEEKLY, MONTHLY, YEARLY … */
  readonly frequency: string;
  readonly interval: number;
  /** MO, TU …, with a number where it is the n-th of a month: `1MO`, `-1FR`. */
  readonly days: readonly string[];
  readonly count: number | null;
  /** ISO 8601. */
  readonly until: string | null;
  /** When it does not take place, in order. */
  readonly except: readonly ParsedTime[];
}

/** Why mail was not delivered, by the status code of RFC 3463. */
export const reportReasons = [
  'mailbox-unknown',
  'mailbox-full',
  'mailbox-disabled',
  'domain-unknown',
  'too-large',
  'not-reachable',
  'expired',
  'loop',
  'refused',
  'other',
] as const;
export type ReportReason = (typeof reportReasons)[number];

export interface ReportedRecipient {
  readonly address: string;
  /** failed, delayed, delivered, relayed, expanded; of read receipts: displayed, deleted, dispatched, processed. */
  readonly action: string;
  /** `5.1.1`; null: none. */
  readonly status: string | null;
  /** Null where nothing went wrong. */
  readonly reason: ReportReason | null;
  /** The words of the other mail server. */
  readonly diagnostic: string | null;
}

export interface ParsedReport {
  readonly kind: 'report';
  readonly type: 'delivery' | 'read-receipt';
  readonly recipients: readonly ReportedRecipient[];
  /** The message that it is about. */
  readonly about: { readonly subject: string | null; readonly messageId: string | null };
  /** The server that reports. */
  readonly reportedBy: string | null;
}

/** `smime`: an S/MIME envelope of which nothing can be read. */
export const securedKinds = ['signed', 'encrypted', 'smime', 'pgp-signed', 'pgp-encrypted'] as const;
export type SecuredKind = (typeof securedKinds)[number];

export interface ParsedSecured {
  readonly kind: SecuredKind;
  /** Always false: signatures are not verified. */
  readonly isVerified: false;
  /** Who the certificate names, unverified; null: not known. */
  readonly signer: Person | null;
  /** What was signed, where it can be read. */
  readonly message: ParsedMessage | null;
}

export interface ParsedText {
  readonly kind: 'text';
  readonly text: string;
  /** There is more than is shown. */
  readonly isCut: boolean;
}
