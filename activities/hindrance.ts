import { setCondition } from '../database/account-conditions.ts';
import { requireSignIn } from '../database/account-life.ts';
import { asDatabaseFailure } from '../database/database-failure.ts';
import { recordSettingsFault } from '../database/settings.ts';
import { type Failure, isFailure } from '../domain/failure.ts';
import { asActivityFailure, retryDelayMs } from './activity-failure.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Shows on the account, or on the settings where it is their fault, what hinders it. Errors that are no Failure are
 * ours: the account is `Unavailable` and the retry policy goes on.
 */
export async function showHindrance(
  { db }: Pick<Dependencies, 'db'>,
  accountId: string,
  thrown: unknown,
): Promise<void> {
  const error = asDatabaseFailure(thrown);
  if (isFailure(error, 'CredentialRejected')) return await requireSignIn(db, accountId, error.reason);
  if (!isFailure(error)) return await setCondition(db, accountId, { type: 'Unavailable' });
  if (error.type === 'SettingsRejected') await recordSettingsFault(db, error);
  await setCondition(db, accountId, { ...pick(error), until: untilOf(error) });
}

/**
 * What an activity is to throw after work on a mailbox failed: shows what hindered it, unless it was cancelled or
 * somebody else has the mailbox.
 */
export async function hindered(
  dependencies: Pick<Dependencies, 'db'>,
  accountId: string,
  error: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  if (signal.aborted) return error;
  if (!isFailure(error) || error.reason !== 'mailbox-held') await showHindrance(dependencies, accountId, error);
  return asActivityFailure(error);
}

function pick({ type, reason, code }: Failure) {
  return { type, reason, code };
}

function untilOf(failure: Failure): Date | undefined {
  const delayMs = retryDelayMs(failure);
  return delayMs === undefined ? undefined : new Date(Date.now() + delayMs);
}
