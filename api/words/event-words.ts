import type { AccountEvent, EventName } from '../../database/events.ts';
import { missingWords } from './completeness-words.ts';
import { storedFailureWords } from './failure-words.ts';

type Details = AccountEvent['details'];

const sentences: Readonly<Record<EventName, string | ((details: Details) => string)>> = {
  'account.added': ({ backfillDays, mailbox }) => {
    const added = mailbox === 'shared' ? 'Added as a shared mailbox' : 'Added';
    const days = number(backfillDays);
    if (days === 0) return `${added}.`;
    return `${added}, with the mail of the last ${days === 1 ? 'day' : `${days} days`}.`;
  },
  'account.sign-in-started': 'A sign-in was started.',
  'account.sign-in-expired': 'Nobody signed in in time.',
  'account.sign-in-refused': ({ type, reason }) =>
    `A sign-in failed. ${storedFailureWords(text(type) ?? 'CredentialRejected', text(reason)).cause}`,
  'account.sign-in-needed': ({ reason }) => storedFailureWords('CredentialRejected', text(reason)).cause,
  'account.sign-in-restored': 'Microsoft accepts the stored sign-in again: mail is read, and nobody had to sign in.',
  'account.authenticated': 'Signed in: the mailbox is connected.',
  'account.address-changed': ({ mailbox }) =>
    mailbox === 'shared'
      ? 'The account has another address from now on, or became a shared mailbox. It is the same mailbox.'
      : 'The account has another address from now on, or is no shared mailbox any more. It is the same mailbox.',
  'account.paused': 'Disabled: no mail is routed.',
  'account.resumed': ({ mode }) =>
    mode === 'from-now' ? 'Enabled: mail is routed from now on.' : 'Enabled: mail that came meanwhile is caught up.',
  'account.resynced': ({ reason }) =>
    reason === 'filter-full'
      ? 'Microsoft gives 5,000 messages at a time at first; the rest is read now. Nothing is routed twice.'
      : reason === 'differences-found'
        ? 'Read again, because Microsoft had not told of mail that is in the mailbox. Nothing is routed twice.'
        : 'Read again from the start, because Microsoft lost track of what was read. Nothing is routed twice.',
  'account.push-started': 'Microsoft notifies Mailroom of new mail from now on.',
  'account.push-failed': ({ type, reason }) =>
    `No notifications from Microsoft, so the mailbox is polled. ${storedFailureWords(text(type) ?? '', text(reason)).cause}`,
  'account.rest-changed': ({ restsWhenQuiet }) =>
    restsWhenQuiet
      ? 'May be polled less often while no mail comes.'
      : 'Is polled equally often, also while no mail comes.',
  'account.mailbox-full':
    'The mailbox is full: Microsoft no longer tells what is new in it, so Mailroom looks for new mail in its list.',
  'account.mailbox-has-room': 'The mailbox has room again: Microsoft tells what is new in it.',
  'account.delta-set-aside': ({ reason }) => storedFailureWords('CursorExpired', text(reason)).cause,
  'account.delta-resumed': 'Microsoft tells again what is new in the mailbox.',
  'account.comparison-requested': 'A comparison of mailbox and Mailroom was asked for.',
  'account.differences-found': ({ captured, quarantined, gone }) => {
    const counts = { captured: number(captured), quarantined: number(quarantined), gone: number(gone) };
    return `The mailbox was compared with Mailroom. ${missingWords(counts)}`;
  },
  'account.routing-changed': ({ version, rules }) =>
    `Routing changed to version ${version}, with ${count(rules, 'rule')}.`,
  'account.quarantine-retried': 'A message in quarantine is tried again.',
  'account.workflow-renewed':
    'Its workflow in Temporal could not go on, and was begun anew from what is stored. Nothing is lost or routed twice.',
  'account.unqueued-routed': ({ routed, left }) =>
    `${count(routed, 'message')} that ${routed === 1 ? 'was' : 'were'} in no queue ${routed === 1 ? 'was' : 'were'} routed${left === 0 ? '' : `, ${number(left)} left`}.`,
  'account.removed': ({ itemsKept }) => `Removed. ${count(itemsKept, 'open item')} kept in the queues.`,
  'settings.changed': 'The global properties were changed.',
  'settings.fault-found': ({ reason }) => storedFailureWords('SettingsRejected', text(reason)).cause,
  'settings.fault-cleared': 'Microsoft accepts the global properties again.',
  'queue.added': 'A queue was added.',
  'queue.changed': 'A queue was changed.',
  'queue.removed': 'A queue was removed.',
  'item.taken-back': 'An item was taken back from who had claimed it.',
  'user.added': 'A user was added.',
  'user.changed': 'A user was changed.',
  'user.removed': 'A user was removed.',
  'user.bound': 'A user signed in for the first time.',
  'user.signed-in': 'A user signed in.',
  'user.signed-out': 'A user signed out.',
  'api-key.created': 'An API key was created.',
  'api-key.revoked': 'An API key was revoked.',
};

/** What happened, in a sentence. */
export function eventWords({ name, details }: Pick<AccountEvent, 'name' | 'details'>): string {
  // Rows of a newer version may hold a name that this one does not know.
  const sentence = sentences[name] ?? name;
  return typeof sentence === 'string' ? sentence : sentence(details);
}

const words: Readonly<Record<string, string>> = {
  mailroom: 'Mailroom',
  cli: 'the command line',
  temporal: "an operator in Temporal's UI",
};

/** Who did it, in words. */
export function actorWords({ actor, actorName }: Pick<AccountEvent, 'actor' | 'actorName'>): string {
  if (actorName !== null) return actorName;
  if (actor.startsWith('user:')) return 'a user who was removed';
  if (actor.startsWith('key:')) return 'an API key that is gone';
  return words[actor] ?? actor;
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function count(value: unknown, noun: string): string {
  return `${value ?? 0} ${noun}${value === 1 ? '' : 's'}`;
}
