import { ApplicationFailure } from '@temporalio/common';
import type { AccountReading } from '../activities/contract.ts';

/** The only kind of error that a handler may throw: anything else would put the workflow into a failure loop. */
export function invalidTransition(words: string): ApplicationFailure {
  return ApplicationFailure.create({ message: words, type: 'InvalidTransition', nonRetryable: true });
}

/** Why an account cannot be paused, in words, or undefined when it can. */
export function refusalOfPause({ enabled, removed }: AccountReading): string | undefined {
  if (removed) return 'The account is removed';
  return enabled ? undefined : 'Already paused';
}

/** Why an account cannot be resumed, in words, or undefined when it can. */
export function refusalOfResume({ enabled, removed }: AccountReading): string | undefined {
  if (removed) return 'The account is removed';
  return enabled ? 'Already enabled' : undefined;
}

/** True, also for an account that nobody has read yet; throws the refusal when there is one. */
export function allowed(
  account: AccountReading | undefined,
  refusalOf: (account: AccountReading) => string | undefined,
): true {
  const refusal = account && refusalOf(account);
  if (refusal) throw invalidTransition(refusal);
  return true;
}
