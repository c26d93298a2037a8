import { asObject, readOneOf, readText } from '../drafts/read-values.ts';
import type { GraphAnswer, GraphContext, MailboxCall } from '../graph-context.ts';
import { folderId } from '../identifiers.ts';
import { checkIsObject } from './find-in-call.ts';

const REPLY_STATES = ['disabled', 'alwaysenabled', 'scheduled'] as const;

/** `GET /mailboxSettings` (learn.microsoft.com/graph/api/user-get-mailboxsettings). */
export function getMailboxSettings(context: GraphContext, call: MailboxCall): GraphAnswer {
  const archive = context.folders.find(call.mailbox, 'archive');
  const own = context.mailboxSettings.read(call.mailbox);
  const all = {
    archiveFolder: archive ? folderId(call.mailbox, archive.number) : null,
    ...usualSettings(call.user.enabled),
    ...own,
  };
  const names = call.query.select;
  const shown = Object.entries(all).filter(([name]) => names === null || names.includes(name));
  const odataContext = `${call.base}/$metadata#${call.entity}/mailboxSettings`;
  return { status: 200, body: { '@odata.context': odataContext, ...Object.fromEntries(shown) } };
}

/** `PATCH /mailboxSettings`: time zone, language, formats, working hours and automatic replies. */
export function updateMailboxSettings(context: GraphContext, call: MailboxCall): GraphAnswer {
  const before = { ...usualSettings(call.user.enabled), ...context.mailboxSettings.read(call.mailbox) };
  const after: Record<string, unknown> = { ...context.mailboxSettings.read(call.mailbox) };
  for (const [name, value] of Object.entries(checkIsObject(call.body))) {
    if (['timeZone', 'dateFormat', 'timeFormat'].includes(name)) after[name] = readText(name, value);
    if (['language', 'workingHours'].includes(name))
      after[name] = { ...(before[name] as object), ...asObject(name, value) };
    if (name === 'automaticRepliesSetting') {
      const replies = asObject(name, value);
      if (replies.status !== undefined) readOneOf(name, replies.status, REPLY_STATES);
      after[name] = { ...(before[name] as object), ...replies };
    }
  }
  context.mailboxSettings.write(call.mailbox, after);
  return getMailboxSettings(context, call);
}

/** What Exchange sets. A user whose sign-in is blocked stands for a shared mailbox. */
function usualSettings(isPerson: boolean): Record<string, unknown> {
  const moment = { dateTime: '2026-01-01T00:00:00.0000000', timeZone: 'UTC' };
  return {
    timeZone: 'UTC',
    delegateMeetingMessageDeliveryOptions: 'sendToDelegateOnly',
    dateFormat: 'M/d/yyyy',
    timeFormat: 'h:mm tt',
    userPurpose: isPerson ? 'user' : 'shared',
    automaticRepliesSetting: {
      status: 'disabled',
      externalAudience: 'all',
      internalReplyMessage: '',
      externalReplyMessage: '',
      scheduledStartDateTime: moment,
      scheduledEndDateTime: moment,
    },
    language: { locale: 'en-US', displayName: 'English (United States)' },
    workingHours: {
      daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
      startTime: '08:00:00.0000000',
      endTime: '17:00:00.0000000',
      timeZone: { name: 'UTC' },
    },
  };
}
