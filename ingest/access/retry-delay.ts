import type { Failure, FailureType } from '../../domain/failure.ts';
import { mailboxGoneRetryMs, SETTINGS_RETRY_MS } from '../../domain/schedule.ts';

const slowly: Readonly<Partial<Record<FailureType, (attempt: number) => number>>> = {
  SettingsRejected: () => SETTINGS_RETRY_MS,
  MailboxGone: mailboxGoneRetryMs,
};

/** Milliseconds until the next attempt, if the failure's type or the other side fixes them. `attempt` counts from 1. */
export function retryDelayMs({ type, retryAfterMs }: Failure, attempt = 1): number | undefined {
  return retryAfterMs || slowly[type]?.(attempt);
}
