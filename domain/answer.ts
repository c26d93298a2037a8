import { MOST_RECIPIENTS } from './message-limits.ts';

/** What an answer is to the mail that it answers. */
export const answerKinds = ['reply', 'reply-all', 'forward'] as const;
export type AnswerKind = (typeof answerKinds)[number];

/**
 * The states of an answer. `draft` is being written; `failed` was certainly not sent and can be changed like a draft;
 * `unknown` may have been sent, which a person has to find out.
 */
export const answerStates = ['draft', 'scheduled', 'sending', 'sent', 'failed', 'unknown', 'discarded'] as const;
export type AnswerState = (typeof answerStates)[number];

export const answerFormats = ['html', 'text'] as const;
export type AnswerFormat = (typeof answerFormats)[number];

/** What a person has to confirm before an answer is sent. */
export const confirmations = ['automatic-mail', 'answered-meanwhile', 'no-attachment', 'many-answers'] as const;
export type Confirmation = (typeof confirmations)[number];

/**
 * Why an answer was not sent, or is not known to be; while it is being sent: what it waits for. A closed list: pages
 * translate by these names.
 */
export const sendingReasons = [
  // Nothing was sent; a person has to do something.
  'sending-not-enabled',
  'consent-needed',
  'sign-in-needed',
  'account-disabled',
  'account-removed',
  'message-gone',
  'mailbox-full',
  'mailbox-gone',
  'access-denied',
  'send-as-denied',
  'recipient-refused',
  'too-many-recipients',
  'message-too-large',
  'large-file-refused',
  'send-quota-used-up',
  'sending-blocked',
  'refused',
  // Microsoft, the network or the settings: tried again, and failed after hours.
  'throttled',
  'microsoft-down',
  'settings-refused',
  // It may have been sent.
  'not-in-sent-items',
  'still-a-draft',
  'no-answer',
] as const;
export type SendingReason = (typeof sendingReasons)[number];

/** The author of automatic answers, who is no person. */
export const MAILROOM = 'mailroom';

/** Bytes of all attachments of an answer, and of one: what Exchange Online takes at most. */
export const MAX_ATTACHMENT_BYTES = 150 * 1_024 * 1_024;
/** Exchange Online takes 250 in one message (Exchange Online limits, message limits). */
export const MAX_ATTACHMENTS = 250;
/** Exchange Online takes 500 in one message by default. */
export const MAX_RECIPIENTS = 500;
/** Of each kind in a draft: all those of a mail that is answered, and its sender. */
export const MAX_DRAFT_RECIPIENTS = MOST_RECIPIENTS + 500;
/** Characters of a body. */
export const MAX_BODY_CHARACTERS = 4_000_000;
/** Characters of a subject that Exchange keeps. */
export const MAX_SUBJECT_CHARACTERS = 255;

/** True from the click until it is known what became of it. */
export function isUnderWay(state: AnswerState): boolean {
  return state === 'scheduled' || state === 'sending';
}
