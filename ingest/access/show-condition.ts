import { refuseAccess } from '../../database/accounts/access-refusal.ts';
import { setCondition } from '../../database/accounts/account-conditions.ts';
import { requireSignIn, type SignInRef } from '../../database/accounts/account-sign-in.ts';
import { refuseSettings } from '../../database/accounts/settings-refusal.ts';
import { asDatabaseFailure } from '../../database/database-failure.ts';
import { isFailure } from '../../domain/failure.ts';
import { UnexpectedAnswer } from '../../graph/client/unexpected-answer.ts';
import type { Dependencies } from '../dependencies.ts';
import { retryDelayMs } from './retry-delay.ts';

/** One process's attempt to read a mailbox. */
export interface ReadingAttempt extends SignInRef {
  /** By the database's clock. */
  readonly startedAt: Date;
}

/**
 * Shows a condition on the account, or on the settings when they are at fault; a mailbox that another process reads has
 * no condition. Errors other than Failures are ours: the account is `Unavailable` and the retry policy applies. Returns
 * the milliseconds for which the mailbox must be left alone, if decided here. `tries` counts from 1.
 */
export async function showCondition(
  { db }: Pick<Dependencies, 'db'>,
  attempt: ReadingAttempt,
  thrown: unknown,
  tries = 1,
): Promise<number | undefined> {
  const { accountId, startedAt } = attempt;
  const error = asDatabaseFailure(thrown);
  if (!isFailure(error)) {
    await setCondition(db, accountId, { type: 'Unavailable', ...traceOf(error) });
    return undefined;
  }
  if (error.reason === 'mailbox-held') return undefined;
  const { type, reason, code, status, requestId } = error;
  const refusal = { reason, code, status, requestId };
  if (type === 'AccessRefused') return await refuseAccess(db, attempt, error);
  if (type === 'CredentialRejected') await requireSignIn(db, attempt, refusal);
  else if (type === 'SettingsRejected') return await refuseSettings(db, { accountId, startedAt, ...refusal });
  else {
    const delayMs = retryDelayMs(error, tries);
    const until = delayMs === undefined ? undefined : new Date(Date.now() + delayMs);
    await setCondition(db, accountId, { type, ...refusal, until });
  }
  return undefined;
}

function traceOf(error: unknown) {
  if (!(error instanceof UnexpectedAnswer)) return {};
  const { code, status, requestId } = error;
  return { reason: 'answer-unknown', code, status, requestId } as const;
}
