import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { type FailureType, isFailure } from '../domain/failure.ts';
import { retryDelayMs } from '../ingest/access/retry-delay.ts';

/** Failures that a retry cannot change. */
const final: ReadonlySet<FailureType> = new Set([
  'CredentialRejected',
  'InvalidTransition',
  'MessageRejected',
  'SubscriptionRefused',
]);
/** Expected failures: no alarm, and a debug line in the worker's log. */
const benign: ReadonlySet<FailureType> = new Set(['Throttled', 'AccessRefused', 'SettingsRejected', 'MailboxGone']);

/**
 * Converts a Failure into the error that Temporal retries: its type decides whether, when and how loudly. Waiting costs
 * no slot of a worker, because the delay that Microsoft asks for travels as `nextRetryDelay`. Other errors pass
 * unchanged. `attempt` counts from 1.
 */
export function asActivityFailure(error: unknown, attempt = 1): unknown {
  if (!isFailure(error)) return error;
  const nextRetryDelay = retryDelayMs(error, attempt);
  return ApplicationFailure.create({
    type: error.type,
    message: error.message,
    nonRetryable: final.has(error.type),
    details: [{ reason: error.reason, code: error.code, status: error.status, requestId: error.requestId }],
    ...(nextRetryDelay === undefined ? {} : { nextRetryDelay }),
    ...(benign.has(error.type) ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });
}
