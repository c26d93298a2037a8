import { type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { MailboxActivities } from '../contract/activities.ts';

/** Descriptions of the activities, shown beside their names in Temporal's UI. */
const summaries: Readonly<Record<keyof MailboxActivities, string>> = {
  readAccount: "Read the account's row",
  openSignIn: 'Begin a sign-in',
  expireSignIn: 'End a sign-in that was not finished',
  redeemSignIn: 'Redeem the code of a sign-in',
  pauseAccount: 'Disable the account',
  resumeAccount: 'Enable the account',
  countMissedMail: 'Count what came while the account was disabled',
  keepSignInAlive: 'Use the sign-in, so that it does not expire',
  drain: 'Read new mail to the end of the mailbox, for a minute at most',
  reconcile: 'Compare the mailbox with Mailroom',
  keepSubscription: 'Make or renew the notifications',
  endSubscription: 'End the notifications',
  cleanUp: 'Remove the account',
};

/** The activities with these options, each with its summary. */
export function summarised(options: ActivityOptions): MailboxActivities {
  const named = Object.entries(summaries).map(([name, summary]) => {
    const activities = proxyActivities<MailboxActivities>({ ...options, summary });
    return [name, activities[name as keyof MailboxActivities]];
  });
  return Object.fromEntries(named) as MailboxActivities;
}
