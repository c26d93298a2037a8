import { ApplicationFailure } from '@temporalio/common';
import type { AccountReading } from '../contract/activities.ts';

/** The only kind of error that a handler may throw: any other would fail the workflow task again and again. */
export function invalidTransition(words: string): ApplicationFailure {
  return ApplicationFailure.create({ message: words, type: 'InvalidTransition', nonRetryable: true });
}

/**
 * Refuses a command of an API of 0.1.0 as the workflow of that release did, by the last reading: histories contain such
 * refusals and have to replay. Commands of later releases are decided by the row alone.
 */
export function refuseByReading(account: AccountReading | undefined, wanted?: { readonly enabled: boolean }): void {
  if (!account || !wanted) return;
  if (account.removed) throw invalidTransition('The account is removed');
  if (account.enabled === wanted.enabled)
    throw invalidTransition(wanted.enabled ? 'Already enabled' : 'Already paused');
}
