import { MAILBOX_GONE_FOR_GOOD_AFTER_MS } from '../../domain/schedule.ts';

/** Conditions that end within this time need no next step. */
const LASTING_AFTER_MS = 10 * 60_000;

/** What to do about a condition that usually ends without help but has not: by the failure's reason, or its type. */
const steps: Readonly<Record<string, string>> = {
  'service-down':
    'Check the service health of Microsoft 365 and whether this server reaches Microsoft. Mailroom keeps retrying.',
  'rate-limited':
    'Check whether another application reads this mailbox constantly. If none does, ask Microsoft support.',
  'budget-used-up':
    'Check the drains of the account: a large backlog takes time; repeated reads of the same mail are a reason to ask for support.',
  'mailbox-held': 'Check whether a worker hangs, and restart it.',
  'sync-state-lost': 'Check the drains of the account. If they read no pages, check the log of the workers.',
  'subscription-refused': 'The mailbox is polled, and Mailroom retries later.',
};
const otherwise = 'This lasts longer than expected. Check the log of the workers.';

/** True for a condition that has lasted long enough to need attention. */
export function isLasting(since: Date | null, now: Date): boolean {
  return since !== null && now.getTime() - since.getTime() >= LASTING_AFTER_MS;
}

/** True for a mailbox that has not been found for so long that it may not come back. */
export function isGoneForGood(since: Date | null, now: Date): boolean {
  return since !== null && now.getTime() - since.getTime() >= MAILBOX_GONE_FOR_GOOD_AFTER_MS;
}

/** The next step for a lasting condition, in place of the advice to wait. Any other advice stays as it is. */
export function lastingStep(type: string, reason: string | null, nextStep: string): string {
  if (!nextStep.startsWith('Nothing needs to be done')) return nextStep;
  return steps[reason ?? ''] ?? (type === 'Throttled' ? steps['rate-limited'] : undefined) ?? otherwise;
}
