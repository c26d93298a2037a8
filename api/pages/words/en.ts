import type { FailureReason, FailureType } from '../../../domain/failure.ts';
import { clockDiffers } from '../../../domain/words/clock-words.ts';
import { failureWords } from '../../accounts/failure-words.ts';
import type { Problem } from '../../http/problem.ts';
import { type ProblemKind, problemKinds } from '../../http/problem-kinds.ts';
import type { SignOnRefusal } from '../../sign-on/sign-on-refused.ts';

interface Refusal {
  readonly title: string;
  readonly explanation: (who: string) => string;
}

/** Every word of the pages that the API renders itself, in English; other languages have the same shape. */
export const en = {
  language: 'en',
  reference: (id: string) => `Reference: ${id}`,
  problem: {
    titleOf: (kind: ProblemKind): string => problemKinds[kind].title,
    explain: ({ reason, message }: Problem): string =>
      // The API's own words lead to its documentation.
      reason === 'no-such-address' ? 'The address is mistyped, or what it showed is elsewhere now.' : message,
    toStart: 'To the start page',
  },
  start: {
    signedInAs: (who: string) => `Signed in as ${who}`,
    docs: 'The API, with everything that Mailroom can do',
    accounts: 'Connected accounts (JSON)',
    queues: 'Queues (JSON)',
    temporal: 'Temporal: what happens to each account',
    signOut: 'Sign out',
    title: 'E-mail, in the right queue',
    what: 'Mailroom takes every e-mail that arrives in your Office 365 mailboxes and puts it, once, into the right queue.',
    signIn: 'Sign in',
    readDocs: 'Read the API',
    noProvider:
      'No identity provider is configured, so only API keys work. Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET or OIDC_CLIENT_KEY to let people sign in.',
  },
  /** For people whose mailbox is read. */
  owner: {
    title: 'What Mailroom reads of your mailbox',
    what: 'Sign in at Microsoft with the account of the mailbox. Mailroom then shows what it reads, since when, who connected it and whose people see it, and you can end it. You need no account of Mailroom.',
    signIn: 'Sign in at Microsoft',
    none: 'Mailroom reads no mailbox of yours, and none for which you signed in.',
    read: (since: Date | null) =>
      since === null
        ? 'Read: all mail that arrives in its inbox.'
        : `Read: all mail that has arrived in its inbox since ${since.toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' })}.`,
    notRead: 'Not read at the moment.',
    connectedBy: (who: string | null) => `Added by ${who ?? 'an operator of Mailroom'}.`,
    sharedAs: (who: string) => `Read as a shared mailbox, with the access of ${who}.`,
    seen: (queues: readonly string[]) =>
      queues.length === 0
        ? 'Seen: by no queue’s people at the moment.'
        : `Seen: by the people of the queues ${queues.map((name) => `“${name}”`).join(', ')}.`,
    end: (address: string) => `Stop reading ${address}`,
    captured:
      'When you end it, reading stops at once and the sign-in is deleted; the administrators of Mailroom see that. Mail that was read stays there: ask them to delete it.',
  },
  mailbox: {
    connected: (address: string) => `${address} is connected`,
    connectedWhat: 'Mailroom now reads the mail that arrives there. You may close this tab.',
    sharedConnectedWhat: (who: string) =>
      `Mailroom now reads the mail that arrives in this shared mailbox, with the access of ${who}. You may close this tab.`,
    approved: 'Mailroom is approved for your organisation',
    approvedWhat: 'Accounts can be connected without further approval. You may close this tab.',
    organisation: 'Your organisation',
    used: 'This link was used already',
    usedWhat: (address: string) =>
      `A sign-in link works once. If ${address} is not shown as authenticated, start the sign-in again.`,
    expired: 'This link has expired',
    expiredWhat: (address: string) => `A sign-in link is good for a day. Start the sign-in to ${address} again.`,
    removed: 'This account was removed',
    removedWhat: 'It was removed while you signed in; nothing was stored. Add it again if it is still wanted.',
    unknown: 'This sign-in is not known',
    unknownWhat:
      'Mailroom did not start this sign-in, it is long over, or its account was removed. Start it from the list of accounts.',
    otherBrowser: 'This sign-in began in another browser',
    otherBrowserWhat: [
      'A mailbox is connected only in the browser in which Connect was pressed, so nothing was stored.',
      'Open the link that you were given in this browser, allow cookies, and press Connect there.',
    ],
    connectTitle: (address: string) => `Connect ${address}?`,
    connectAsked: (who: string) =>
      `${who} asks to connect this mailbox to Mailroom, where a contact centre works on its mail.`,
    byKey: (name: string) => `The API key “${name}”`,
    byOperator: 'An operator of Mailroom',
    connectRead: (days: number) =>
      days === 0
        ? 'Read: all mail that arrives in its inbox from the sign-in on.'
        : `Read: all mail that arrives in its inbox from the sign-in on, and that of the ${days === 1 ? 'day' : `${days} days`} before.`,
    connectReadSince: (date: Date) =>
      `Read: all mail that has arrived in its inbox since ${date.toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' })}.`,
    connectSeen: (queue: string) =>
      `Seen: by those who work in Mailroom. New mail waits for them in the queue “${queue}”, unless a rule sends it to another.`,
    connectSends: 'Sent: the answers that they write, from this mailbox.',
    connectChangesNothing: 'Nothing in the mailbox is changed or sent.',
    connectSharedAs: (who: string) => `It is a shared mailbox. ${who} signs in for it, on Microsoft’s page.`,
    connectAs: (who: string) => `Sign in as ${who} on Microsoft’s page, which comes next.`,
    connect: 'Connect',
    connectUnexpected: 'If you did not expect this, close the page: nothing happens unless you press Connect.',
    notYet: (address: string) => `${address} is not connected yet`,
    not: (address: string) => `${address} was not connected`,
    connectedAlreadyWhat: (address: string, other: string) => [
      `${address} is an address of a mailbox that is connected already, as ${other}. Its mail is queued there.`,
      `Use that account. To use ${address} instead, sign in to that account again with this address.`,
    ],
    other: 'Another account signed in',
    otherWhat: (expected: string) => [
      `Another account than ${expected} signed in, so nothing was stored.`,
      `Start again and choose ${expected} on Microsoft’s page. If the browser signs in with another account automatically, use a private window.`,
    ],
    noAccessWhat: (who: string, address: string) => [
      `${who} signed in, but has no access to the shared mailbox ${address}, so nothing was stored.`,
      `Ask an administrator of Microsoft 365 to give ${who} full access (read and manage) to it. It can take an hour until that counts; then start again.`,
    ],
    failed: (type: FailureType, reason: FailureReason | undefined): readonly string[] => {
      const { cause, nextStep } = failureWords(type, reason);
      return [cause, nextStep];
    },
    /** The sign-in was stored but not redeemed yet. */
    keptWhat: (type: FailureType, reason: FailureReason): readonly string[] => [
      `${failureWords(type, reason).cause} Microsoft has signed you in, and Mailroom keeps that for a few minutes.`,
      'Reload this page in a moment. If that does not help, start the sign-in again.',
    ],
    traceId: (id: string) => `trace id ${id}`,
    /** `seconds`: Microsoft's clock minus ours. */
    clockDiffers: (seconds: number) => clockDiffers(seconds),
    askAdministrator: 'An administrator of Mailroom can start the sign-in again, and send you the new link.',
    startAgain: 'Start again',
    toMicrosoft: 'On to Microsoft',
    goOn: 'Continue to Microsoft',
    back: 'Back to Mailroom',
  },
  signOn: {
    yourAccount: 'Your account',
    signInAgain: 'Sign in again',
    chooseAccount: 'Use another account',
    signedOut: 'You are signed out of Mailroom',
    closeTab: 'You may close this tab.',
    signOutThere: 'Sign out at the identity provider, too',
    confirmed: 'You have confirmed who you are',
    confirmedWhat: 'Go back to the tab with your change, and make it again there. You may close this tab.',
    refusals: {
      'not-added': {
        title: 'You are not a user of Mailroom yet',
        explanation: (who) =>
          `${who} signed in, but this address has not been added. Ask an administrator of Mailroom to add you under Admin > Users, then sign in again.`,
      },
      disabled: {
        title: 'Your user is disabled',
        explanation: (who) =>
          `${who} may not use Mailroom at the moment. Ask an administrator of Mailroom to enable you.`,
      },
      'other-person': {
        title: 'This address belongs to another identity',
        explanation: (who) =>
          `${who} was used before by a different identity at the provider. Ask an administrator of Mailroom to remove that user and to add you.`,
      },
      'not-mapped': {
        title: 'Your account has no role in Mailroom',
        explanation: (who) =>
          `${who} signed in, but none of its roles or groups at the identity provider gives access to Mailroom. Ask the administrator of the identity provider for one, then sign in again.`,
      },
      'claim-left-out': {
        title: 'The identity provider did not name your groups or roles',
        explanation: (who) =>
          `${who} has more groups than the identity provider sends or Mailroom reads, or the provider's UserInfo failed; so it is not known what you may do. Ask the administrator of the identity provider to assign app roles, or to send only the groups that are assigned to this application.`,
      },
      'signed-out-meanwhile': {
        title: 'You were signed out while you signed in',
        explanation: () => 'Your sessions were ended while you were at the identity provider. Sign in again.',
      },
      'other-step-up': {
        title: 'Another person signed in',
        explanation: (who) =>
          `${who} is not the user whose change is to be confirmed. Nothing was confirmed. Sign in as the user who is signed in to Mailroom.`,
      },
      'not-recent': {
        title: 'The identity provider did not confirm a recent sign-in',
        explanation: () =>
          'It let you in without asking again or in another way than Mailroom demands, or it does not say when you signed in. The administrator of the identity provider can have it send the claim auth_time.',
      },
      'other-tenant': {
        title: 'You signed in with another organisation',
        explanation: () => 'Sign in with an account of the organisation that runs this Mailroom.',
      },
      'no-address': {
        title: 'The identity provider named no verified address',
        explanation: () =>
          'Mailroom knows its users by e-mail address. Ask the administrator of the identity provider to send a verified one.',
      },
      declined: {
        title: 'The identity provider refused the sign-in',
        explanation: () =>
          'You cancelled, or your account is not assigned to this application. If it should be, ask the administrator of the identity provider.',
      },
      'code-expired': { title: 'The sign-in took too long', explanation: () => 'Sign in again.' },
      'client-refused': {
        title: 'The identity provider refuses Mailroom',
        explanation: () =>
          'Its client ID, client secret or key is wrong or has expired. An operator has to correct OIDC_CLIENT_ID, and OIDC_CLIENT_SECRET or OIDC_CLIENT_KEY.',
      },
      'unusable-answer': {
        title: 'The answer of the identity provider cannot be used',
        explanation: () => 'Sign in again. If this persists, give your operator the reference below.',
      },
      'unknown-attempt': {
        title: 'This sign-in is not known',
        explanation: () =>
          'It took longer than ten minutes, was used before, or began in another browser. Sign in again.',
      },
      'other-issuer': {
        title: 'Another identity provider sent you',
        explanation: () => 'This Mailroom does not accept sign-ins from there. Sign in here instead.',
      },
    } as Readonly<Record<SignOnRefusal, Refusal>>,
  },
};

export type PageWords = typeof en;
