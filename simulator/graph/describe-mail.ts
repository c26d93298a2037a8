import { bodyPreview } from '../mail/convert-body.ts';
import type { Meeting } from '../mail/read-meeting.ts';
import type { MailAddress, ReceivedMail } from '../mail/received-mail.ts';

/**
 * The properties of a Graph message that depend only on the mail; ids, times and flags of a mailbox are added when it
 * is rendered. `@odata.type` is present only for meetings, as with Graph.
 */
export function describeMail(mail: ReceivedMail, receivedAt: Date): Record<string, unknown> {
  const sentAt = wholeSeconds(mail.sentAt ?? receivedAt);
  const from = describeRecipient(mail.from ?? mail.sender);
  return {
    ...(mail.meeting ? { '@odata.type': meetingType(mail.meeting) } : {}),
    categories: [],
    sentDateTime: sentAt,
    hasAttachments: mail.attachments.some((attachment) => !attachment.isInline),
    subject: mail.subject ?? '',
    bodyPreview: bodyPreview(mail),
    importance: mail.importance,
    isDeliveryReceiptRequested: mail.meeting ? null : mail.isDeliveryReceiptRequested,
    isReadReceiptRequested: mail.isReadReceiptRequested,
    isDraft: false,
    inferenceClassification: 'focused',
    sender: describeRecipient(mail.sender ?? mail.from),
    from,
    toRecipients: mail.to.map(describeRecipient),
    ccRecipients: mail.cc.map(describeRecipient),
    bccRecipients: mail.bcc.map(describeRecipient),
    replyTo: mail.replyTo.map(describeRecipient),
    flag: { flagStatus: 'notFlagged' },
    ...(mail.meeting ? meetingProperties(mail.meeting) : {}),
  };
}

/** Graph's date-times of mail: UTC, whole seconds. Years of more than four digits do not fit and become the epoch. */
export function wholeSeconds(date: Date): string {
  const text = date.toISOString();
  return /^\d{4}-/.test(text) ? `${text.slice(0, 19)}Z` : '1970-01-01T00:00:00Z';
}

export function describeRecipient(address: MailAddress | null): unknown {
  return address && { emailAddress: { name: address.name, address: address.address } };
}

function meetingType({ method }: Meeting): string {
  if (method === 'request') return '#microsoft.graph.eventMessageRequest';
  return method === 'reply' ? '#microsoft.graph.eventMessageResponse' : '#microsoft.graph.eventMessage';
}

/** `meetingTenativelyAccepted` is Microsoft's spelling. */
const ANSWERS = {
  accepted: 'meetingAccepted',
  tentativelyAccepted: 'meetingTenativelyAccepted',
  declined: 'meetingDeclined',
  none: 'none',
} as const;

function meetingProperties(meeting: Meeting): Record<string, unknown> {
  const messageType = { request: 'meetingRequest', cancel: 'meetingCancelled', reply: ANSWERS[meeting.response] };
  return {
    meetingMessageType: messageType[meeting.method],
    type: meeting.isRecurring ? 'seriesMaster' : 'singleInstance',
    isOutOfDate: false,
    isAllDay: meeting.isAllDay,
    isDelegated: false,
    startDateTime: meeting.start && { dateTime: meeting.start, timeZone: 'UTC' },
    endDateTime: meeting.end && { dateTime: meeting.end, timeZone: 'UTC' },
    location: meeting.location && { displayName: meeting.location, locationType: 'default', uniqueIdType: 'unknown' },
    recurrence: null,
    ...(meeting.method === 'request' ? requestProperties(meeting) : {}),
    ...(meeting.method === 'reply' ? { responseType: meeting.response, proposedNewTime: null } : {}),
  };
}

function requestProperties(meeting: Meeting): Record<string, unknown> {
  return {
    responseRequested: meeting.responseRequested,
    allowNewTimeProposals: null,
    meetingRequestType: 'newMeetingRequest',
    previousLocation: null,
    previousStartDateTime: null,
    previousEndDateTime: null,
  };
}
