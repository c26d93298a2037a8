import type { Confirmation, SendingReason } from '../../domain/answer.ts';

const reasons: Readonly<Record<SendingReason, string>> = {
  'sending-not-enabled':
    'Answers from this mailbox are not allowed. An administrator can allow them: in the global properties, and for the account.',
  'consent-needed':
    "The account's sign-in only allows reading. An administrator has to sign in to the account again, and consent to sending.",
  'sign-in-needed': 'The account needs a new sign-in. After that, send the answer again.',
  'account-disabled': 'The account is disabled. Once it is enabled, send the answer again.',
  'account-removed': 'The account was removed. Send the answer from another mailbox, for example in Outlook.',
  'message-gone':
    'The mail to be answered is no longer in the mailbox, or was deleted from Mailroom. Write a new message to its sender in Outlook.',
  'mailbox-full': 'The mailbox is full, so Microsoft does not accept the answer. Make room, then send it again.',
  'mailbox-gone': 'Microsoft does not find the mailbox. Check in Microsoft 365 whether it still has a licence.',
  'access-denied':
    "Microsoft does not allow access to the mailbox. An administrator has to check the account's permissions.",
  'send-as-denied':
    'The person who signed in for this mailbox may not send in its name. An Exchange administrator has to allow Send As or Send on Behalf.',
  'recipient-refused': 'Microsoft does not accept at least one recipient. Check the addresses, then send it again.',
  'too-many-recipients': 'These are too many recipients for this mailbox. Remove some, then send it again.',
  'message-too-large':
    'With its attachments, the answer is larger than your organisation allows. Remove attachments, then send it again.',
  'large-file-refused':
    'Microsoft does not take files of more than 3 MB in answers from this shared mailbox. Send a link instead, or smaller files.',
  'send-quota-used-up':
    'The mailbox has reached its sending limit. Send the answer again later, at the latest tomorrow.',
  'sending-blocked':
    'Microsoft has blocked this mailbox or message as suspicious. An administrator can release a blocked sender in Microsoft Defender, under Restricted entities.',
  refused: "Microsoft refused the answer. Microsoft's support can find the reason by the code and the request id.",
  throttled: 'Microsoft asks to wait. Mailroom tries again by itself after that.',
  'microsoft-down': 'Microsoft cannot be reached.',
  'settings-refused': 'Microsoft refuses the global properties of Mailroom. An administrator has to check them.',
  'not-in-sent-items':
    'Microsoft accepted the answer, but it is not to be found in the mailbox. Look into Sent Items and Deleted Items in Outlook before you send it again.',
  'still-a-draft':
    'Microsoft accepted the answer, but it is still among the drafts. Look into Outlook before you send it again.',
  'no-answer':
    'Microsoft did not respond when the answer was sent, and it is not to be found in the mailbox. Look into Sent Items in Outlook before you send it again.',
};

/** Why an answer is not sent, or what it waits for. An unknown reason of a newer release is passed on. */
export function sendingWords(reason: string): string {
  return Object.hasOwn(reasons, reason) ? reasons[reason as SendingReason] : reason;
}

const confirmationSentences: Readonly<Record<Confirmation, string>> = {
  'automatic-mail': 'The mail came from a program; perhaps no person reads the answer.',
  'answered-meanwhile': 'Another answer to this mail was sent since you began your draft.',
  'no-attachment': 'The text mentions an attachment, but nothing is attached.',
  'many-answers': 'This address got several answers from this mailbox today.',
};

/** What has to be confirmed before sending, and how. */
export function confirmationWords(needed: readonly Confirmation[]): string {
  return `${needed.map((each) => confirmationSentences[each]).join(' ')} To send it all the same, repeat the request with these names in "confirmed".`;
}
