import { setCondition } from '../database/account-conditions.ts';
import { requireSignIn, type SignInRef } from '../database/account-life.ts';
import { asDatabaseFailure } from '../database/database-failure.ts';
import { refuseSettings } from '../database/settings-refusal.ts';
import { isFailure } from '../domain/failure.ts';
import { retryDelayMs } from './activity-failure.ts';
import type { Dependencies } from './dependencies.ts';

/** Somebody's attempt to read a mailbox. */
export interface ReadingAttempt extends SignInRef {
  /** By the database's clock. */
  readonly startedAt: Date;
}

/**
 * Shows on the account, or on the settings where it is their fault, what hinders it; that somebody else reads the
 * mailbox hinders nobody. Errors that are no Failure are ours: the account is `Unavailable` and the retry policy goes on.
 * `tries` counts from 1.
 */
export async function showHindrance(
  { db }: Pick<Dependencies, 'db'>,
  attempt: ReadingAttempt,
  thrown: unknown,
  tries = 1,
): Promise<void> {
  const { accountId, startedAt } = attempt;
  const error = asDatabaseFailure(thrown);
  if (!isFailure(error)) return await setCondition(db, accountId, { type: 'Unavailable' });
  if (error.reason === 'mailbox-held') return;
  const { type, reason, code } = error;
  if (type === 'CredentialRejected') return await requireSignIn(db, attempt, reason);
  if (type === 'SettingsRejected') return await refuseSettings(db, { accountId, startedAt, reason, code });
  const delayMs = retryDelayMs(error, tries);
  const until = delayMs === undefined ? undefined : new Date(Date.now() + delayMs);
  await setCondition(db, accountId, { type, reason, code, until });
}
