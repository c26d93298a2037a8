import type { AccountEvent, EventName } from '../../database/accounts/events.ts';
import { missingWords } from './completeness-words.ts';
import { storedFailureWords } from './failure-words.ts';

type Details = AccountEvent['details'];

const sentences: Readonly<Record<EventName, string | ((details: Details) => string)>> = {
  'account.added': ({ backfillDays, mailbox, access }) => {
    const manner = access === 'application' ? 'Added with application access' : 'Added';
    const added = mailbox === 'shared' ? 'Added as a shared mailbox' : manner;
    const days = number(backfillDays);
    if (days === 0) return `${added}.`;
    return `${added}, with the mail of the last ${days === 1 ? 'day' : `${days} days`}.`;
  },
  'account.sign-in-started': 'A sign-in was started.',
  'account.sign-in-expired': 'The sign-in link expired before anyone signed in.',
  'account.sign-in-refused': ({ type, reason }) =>
    `A sign-in failed. ${storedFailureWords(text(type) ?? 'CredentialRejected', text(reason)).cause}`,
  'account.sign-in-needed': ({ reason }) => storedFailureWords('CredentialRejected', text(reason)).cause,
  'account.sign-in-restored': 'Microsoft accepts the stored sign-in again. Mail is read without a new sign-in.',
  'account.authenticated': 'Signed in: the mailbox is connected.',
  'account.address-changed': ({ mailbox }) =>
    mailbox === 'shared'
      ? 'The account has a new address or is now a shared mailbox. It is the same mailbox.'
      : 'The account has a new address or is no longer a shared mailbox. It is the same mailbox.',
  'account.paused': 'Disabled: no mail is routed.',
  'account.resumed': ({ mode }) =>
    mode === 'from-now'
      ? 'Enabled: mail is routed from now on.'
      : 'Enabled: mail that arrived while it was disabled is caught up.',
  'account.resynced': ({ reason }) =>
    reason === 'filter-full'
      ? 'Microsoft returned the first 5,000 messages; the rest is read now. Nothing is routed twice.'
      : reason === 'differences-found'
        ? 'Read again, because Microsoft had not reported mail that is in the mailbox. Nothing is routed twice.'
        : 'Read again from the start, because Microsoft no longer knows what was already read. Nothing is routed twice.',
  'account.push-started': 'Microsoft notifies Mailroom of new mail from now on.',
  'account.push-failed': ({ type, reason }) =>
    `No notifications from Microsoft, so the mailbox is polled. ${storedFailureWords(text(type) ?? '', text(reason)).cause}`,
  'account.rest-changed': ({ restsWhenQuiet }) =>
    restsWhenQuiet
      ? 'Polled less often while no mail arrives.'
      : 'Polled at the normal rate even while no mail arrives.',
  'account.mailbox-full':
    'The mailbox is full: Microsoft no longer reports changes, so Mailroom finds new mail by listing the inbox.',
  'account.mailbox-has-room': 'The mailbox has room again: Microsoft reports its changes.',
  'account.delta-set-aside': ({ reason }) => storedFailureWords('CursorExpired', text(reason)).cause,
  'account.delta-resumed': 'Microsoft reports changes of the mailbox again.',
  'account.comparison-requested': 'A comparison of the mailbox with Mailroom was requested.',
  'account.differences-found': ({ captured, quarantined, gone }) => {
    const counts = { captured: number(captured), quarantined: number(quarantined), gone: number(gone) };
    return `The mailbox was compared with Mailroom. ${missingWords(counts)}`;
  },
  'account.routing-changed': ({ version, rules }) =>
    `Routing changed to version ${version}, with ${count(rules, 'rule')}.`,
  'account.quarantine-retried': 'A message in quarantine is tried again.',
  'account.workflow-renewed':
    'Its workflow in Temporal was stuck and was restarted from the stored state. Nothing is lost or routed twice.',
  'account.workflow-ended':
    'Its workflow was ended in Temporal: terminated or reset there, or failed. It goes on in another run. Nothing is lost or routed twice.',
  'account.unqueued-routed': ({ routed, left }) =>
    `${count(routed, 'message')} that ${routed === 1 ? 'was' : 'were'} in no queue ${routed === 1 ? 'was' : 'were'} routed${left === 0 ? '' : `, ${number(left)} left`}.`,
  'account.removed': ({ itemsKept }) => `Removed. ${count(itemsKept, 'open item')} kept in the queues.`,
  'settings.changed': 'The global properties were changed.',
  'settings.secret-expires': 'The client secret ends soon.',
  'settings.certificate-expires': 'The certificate for Microsoft ends soon.',
  'settings.certificate-made': 'A certificate for Microsoft was made.',
  'settings.certificate-deleted': 'A certificate for Microsoft was deleted.',
  'settings.fault-found': ({ reason }) => storedFailureWords('SettingsRejected', text(reason)).cause,
  'settings.fault-cleared': 'Microsoft accepts the global properties again.',
  'queue.added': 'A queue was added.',
  'queue.changed': 'A queue was changed.',
  'queue.removed': 'A queue was removed.',
  'item.taken-back': 'An item was taken back from the agent who had claimed it.',
  'answer.taken-over': "Another user took over a user's draft of an answer.",
  'answer.retried': ({ after }) =>
    after === 'unknown'
      ? 'An answer was sent again whose sending was not certain.'
      : 'An answer that was not sent was tried again.',
  'answer.marked-sent': 'An answer whose sending was not certain was found in the sent mail.',
  'answer.discarded': 'An answer that was not sent for certain was discarded.',
  'account.sending-changed': ({ enabled }) =>
    enabled ? 'Agents may answer mail from this mailbox.' : 'Agents may no longer answer mail from this mailbox.',
  'settings.allowed-addresses-changed': 'Which mailboxes may be connected was changed.',
  'settings.sending-changed': ({ enabled }) =>
    enabled ? 'Answering mail was allowed.' : 'Answering mail was forbidden.',
  'item.parked': ({ reason }) =>
    reason === 'customer' ? 'An item was parked until the customer writes.' : 'An item was parked until a later time.',
  'item.unparked': 'A parked item was put back into its queue.',
  'item.moved': ({ to, person }) =>
    to === undefined
      ? `An item was ${person === undefined ? 'returned to all agents of its queue' : 'given to a person'}.`
      : `An item was moved to another queue${person === undefined ? '' : ', for a person'}.`,
  'item.separated': 'A mail was taken out of the item that it had been joined to.',
  'item.reopened': 'A completed item was opened again.',
  'item.reopened-by-mail': 'A completed item was opened again, because the customer wrote.',
  'item.tagged': 'The tags of an item were changed.',
  'item.offered': 'An item was offered to this person.',
  'item.offer-accepted': 'An offered item was accepted.',
  'item.offer-declined': 'An offered item was declined: it went on.',
  'item.offer-missed': 'An offered item was not answered in time: it went on, and the person was set away.',
  'item.offer-withdrawn': 'An offer ended, because the person went away or the item went elsewhere.',
  'account.ended-by-owner':
    'The owner of the mailbox ended its reading: it is disabled, and its sign-in was deleted. Only a new sign-in connects it again.',
  'account.access-changed': ({ access }) =>
    access === 'application'
      ? "The mailbox is read with the application's own rights from now on; the stored sign-in was deleted."
      : 'The mailbox is read with the rights of the person who signed in from now on.',
  'settings.application-access-changed': ({ enabled }) =>
    enabled ? 'Application access was switched on.' : 'Application access was switched off.',
  'settings.application-scope-proved': 'It was proved that the application cannot read mailboxes outside of its scope.',
  'settings.application-scope-refuted':
    'The application can read a mailbox outside of its scope: mailboxes are no longer read with its rights.',
  'team.added': 'A team was added.',
  'team.changed': 'A team was changed.',
  'team.removed': 'A team was removed.',
  'user.added': 'A user was added.',
  'user.changed': 'A user was changed.',
  'user.removed': 'A user was removed.',
  'user.bound': 'A user signed in for the first time.',
  'user.signed-in': 'A user signed in.',
  'user.signed-out': 'A user signed out.',
  'user.sessions-ended': 'Sessions of a user were ended.',
  'user.signed-out-by-provider': 'The identity provider signed a user out.',
  'user.mapped': 'The identity provider changed the profile or the teams of a user.',
  'user.kept-administrator': 'The last administrator kept the profile, which the identity provider no longer gives.',
  'sign-on-settings.changed': 'The settings of sign-ins were changed.',
  'session-limits.changed': 'The limits of sessions were changed.',
  'api-key.created': 'An API key was created.',
  'api-key.revoked': 'An API key was revoked.',
  'api-key.expires': 'An API key ends soon.',
  'retention.changed': 'How long things are kept was changed.',
  'hold.placed': 'A hold was placed: its mail is not deleted.',
  'hold.lifted': 'A hold was lifted: its mail may be deleted again.',
  'erasure.requested': 'The erasure of mail was requested.',
  'erasure.finished': ({ messages }) => `The requested erasure is done: ${count(messages, 'message')} deleted.`,
  'mail.exported': ({ messages }) => `The mail of one sender was exported: ${count(messages, 'message')}.`,
};

/** What happened, in a sentence. */
export function eventWords({ name, details }: Pick<AccountEvent, 'name' | 'details'>): string {
  // A newer release may have stored a name that this one does not know.
  const sentence = sentences[name] ?? name;
  return typeof sentence === 'string' ? sentence : sentence(details);
}

const words: Readonly<Record<string, string>> = {
  mailroom: 'Mailroom',
  'mailbox-owner': 'the owner of the mailbox',
  cli: 'the command line',
  temporal: "an operator in Temporal's UI",
};

export function actorWords({ actor, actorName }: Pick<AccountEvent, 'actor' | 'actorName'>): string {
  if (actorName !== null) return actorName;
  if (actor.startsWith('user:')) return 'a removed user';
  if (actor.startsWith('key:')) return 'a deleted API key';
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
