import { sql } from 'kysely';
import type { Failure } from '../../domain/failure.ts';
import {
  ACCESS_ASKED_AGAIN_AFTER_MS,
  ACCESS_ASKED_AGAIN_AT_LEAST_EVERY_MS,
  NO_ACCESS_PROVED_AFTER_ATTEMPTS,
  NO_ACCESS_PROVED_AFTER_MS,
} from '../../domain/schedule.ts';
import type { Database } from '../database.ts';
import { isRead, pollAfter } from '../ingest/watches.ts';
import { requireSignIn, type SignInRef } from './account-life.ts';

/**
 * Graph, or a box on the way to it, refuses the access of an account whose tokens Entra has just given. That is a
 * condition and not a missing sign-in: the account is asked again, after pauses of half the time that it has lasted. Only
 * that a shared mailbox gives no access becomes *sign-in needed*, once it was refused several times over minutes: then it
 * takes a person to change that.
 *
 * Returns for how many milliseconds the mailbox is left alone. Does nothing when somebody signed in since, or when the
 * account is not to be read any more.
 */
export async function refuseAccess(
  db: Database,
  { accountId, signInNumber }: SignInRef,
  { type, reason, code, status, requestId, retryAfterMs }: Failure,
): Promise<number> {
  const goesOn = sql<boolean>`(condition_type = ${type} and condition_reason is not distinct from ${reason ?? null})`;
  const since = sql<Date>`case when ${goesOn} then condition_since else now() end`;
  const pauseMs = sql<number>`least(${ACCESS_ASKED_AGAIN_AT_LEAST_EVERY_MS}::float8, greatest(
    ${Math.max(ACCESS_ASKED_AGAIN_AFTER_MS, retryAfterMs ?? 0)}::float8,
    extract(epoch from now() - ${since})::float8 * 1000 / 2
  ))`;
  const row = await db
    .updateTable('accounts')
    .set({
      conditionType: type,
      conditionReason: reason ?? null,
      conditionCode: code ?? null,
      conditionStatus: status ?? null,
      conditionRequestId: requestId ?? null,
      conditionSince: since,
      conditionAttempts: sql`case when ${goesOn} then condition_attempts + 1 else 1 end`,
      conditionUntil: sql`now() + ${pauseMs} * interval '1 millisecond'`,
    })
    .where('id', '=', accountId)
    .where('signInNumber', '=', signInNumber)
    .where(isRead)
    .returning([
      'conditionAttempts as attempts',
      sql<number>`extract(epoch from now() - condition_since)::float8 * 1000`.as('lastsMs'),
      sql<number>`extract(epoch from condition_until - now())::float8 * 1000`.as('pauseMs'),
    ])
    .executeTakeFirst();
  if (!row) return 0;
  const isProved = row.attempts >= NO_ACCESS_PROVED_AFTER_ATTEMPTS && row.lastsMs >= NO_ACCESS_PROVED_AFTER_MS;
  if (reason === 'mailbox-access-denied' && isProved) {
    await requireSignIn(db, { accountId, signInNumber }, { reason, code, status, requestId });
    return 0;
  }
  await pollAfter(db, accountId, { event: 'drain-refused', delayMs: row.pauseMs });
  return row.pauseMs;
}
