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
import { requireSignIn, type SignInRef } from './account-sign-in.ts';

/**
 * Graph, or a proxy on the way to it, refuses access to an account although Entra has just issued its tokens. That is a
 * condition, not a missing sign-in: access is tried again, after pauses of half the time that the refusal has lasted.
 * Only a shared mailbox that refuses access becomes *sign-in needed*, once it was refused several times over minutes:
 * then a person has to change that.
 *
 * Returns for how many milliseconds the mailbox is not read. Does nothing after a newer sign-in, or when the account is
 * not to be read any more.
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
