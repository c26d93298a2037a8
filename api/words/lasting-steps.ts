import { MAILBOX_GONE_FOR_GOOD_AFTER_MS } from '../../domain/schedule.ts';

/** What ends by itself within this time is worth no step. */
const LASTING_AFTER_MS = 10 * 60_000;

/** What to do about a hindrance that usually ends by itself, once it did not: by the reason of the failure, or its type. */
const steps: Readonly<Record<string, string>> = {
  'service-down':
    'Look at the service health of Microsoft 365, and whether this server reaches Microsoft; Mailroom goes on trying.',
  'rate-limited':
    'Look whether another application reads this mailbox all the time; if none does, ask the support of Microsoft.',
  'budget-used-up':
    'Look at the drains of the account: a large backlog takes its time, and repeated readings are a reason to ask for support.',
  'mailbox-held': 'Look whether a worker stands still, and restart it.',
  'sync-state-lost': 'Look at the drains of the account: when they bring no pages, look at the log of the workers.',
  'subscription-refused': 'It is polled, and asked again later.',
};
const otherwise = 'This lasts longer than it should: look at the log of the workers.';

/** True for what has hindered an account for so long that it is to be looked at. */
export function isLasting(since: Date | null, now: Date): boolean {
  return since !== null && now.getTime() - since.getTime() >= LASTING_AFTER_MS;
}

/** True for a mailbox that was not found for so long that it may not come back. */
export function isGoneForGood(since: Date | null, now: Date): boolean {
  return since !== null && now.getTime() - since.getTime() >= MAILBOX_GONE_FOR_GOOD_AFTER_MS;
}

/** The next step for what lasts, in place of the advice to wait. Any other advice stays as it is. */
export function lastingStep(type: string, reason: string | null, nextStep: string): string {
  if (!nextStep.startsWith('Nothing needs to be done')) return nextStep;
  return steps[reason ?? ''] ?? (type === 'Throttled' ? steps['rate-limited'] : undefined) ?? otherwise;
}
