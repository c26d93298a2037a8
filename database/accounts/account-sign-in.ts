import { sql } from 'kysely';
import type { FailureReason, FailureTrace } from '../../domain/failure.ts';
import { SIGN_IN_PROBED_AFTER_MS } from '../../domain/schedule.ts';
import type { Database } from '../database.ts';
import { inMs, stopPolling } from '../ingest/watches.ts';
import { type CommandRecord, type CommandRef, carryOut } from './account-commands.ts';
import { noCondition } from './account-conditions.ts';
import { recordEvent } from './events.ts';

/** An account, and the number of the sign-in that it is read with. */
export interface SignInRef {
  readonly accountId: string;
  readonly signInNumber: number;
}

/**
 * A new attempt began: an account that is not connected waits for it, whatever the outcome of the last one. Changes
 * nothing when the attempt was withdrawn.
 */
export async function openSignIn(
  db: Database,
  accountId: string,
  { actor, signInId, ...command }: CommandRef & { readonly actor: string; readonly signInId: string },
): Promise<CommandRecord> {
  return await carryOut(db, { ...command, accountId, name: 'awaitSignIn' }, async (trx) => {
    const attempt = await trx.selectFrom('signIns').select('id').where('id', '=', signInId).executeTakeFirst();
    if (!attempt) return 'unchanged';
    await trx
      .updateTable('accounts')
      .set({ signIn: 'awaiting', ...acceptedSignIn, signInSince: sql`now()` })
      .where('id', '=', accountId)
      .where('signIn', 'in', ['awaiting', 'expired'])
      .execute();
    await recordEvent(trx, { actor, name: 'account.sign-in-started', accountId, targetId: signInId });
    return 'done';
  });
}

/** The sign-in attempt expired. Does nothing after a completed sign-in, or before the newest attempt is over. */
export async function expireSignIn(db: Database, accountId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('accounts')
      .set({ signIn: 'expired', signInSince: sql`now()` })
      .where('id', '=', accountId)
      .where('signIn', '=', 'awaiting')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('signIns')
              .select('id')
              .where('accountId', '=', accountId)
              .where('expiresAt', '>', sql<Date>`now()`),
          ),
        ),
      )
      .executeTakeFirst();
    if (numUpdatedRows > 0n) await recordEvent(trx, { actor: 'mailroom', name: 'account.sign-in-expired', accountId });
  });
}

/** Why a sign-in is needed, and the ids by which the provider finds its refusal. */
export interface SignInRefusal extends FailureTrace {
  readonly reason?: FailureReason | undefined;
}

/** The columns of a sign-in without a refusal. */
export const acceptedSignIn = {
  signInReason: null,
  signInCode: null,
  signInStatus: null,
  signInRequestId: null,
  signInProbeAt: null,
} as const;

/**
 * The provider refuses the tokens of this sign-in: the account waits for a person, or until the same sign-in is
 * accepted again (`restoreSignIn`). Does nothing after a newer sign-in. Idempotent.
 */
export async function requireSignIn(
  db: Database,
  { accountId, signInNumber }: SignInRef,
  { reason, code, status, requestId }: SignInRefusal,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('accounts')
      .set({
        signIn: 'needed',
        signInReason: reason ?? null,
        signInCode: code ?? null,
        signInStatus: status ?? null,
        signInRequestId: requestId ?? null,
        signInProbeAt: inMs(SIGN_IN_PROBED_AFTER_MS),
        signInSince: sql`now()`,
        ...noCondition,
      })
      .where('id', '=', accountId)
      .where('signInNumber', '=', signInNumber)
      .where('signIn', '=', 'done')
      // There is none that a person could repeat.
      .where('access', '<>', 'application')
      .where('removedAt', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return;
    await stopPolling(trx, accountId, 'turned-off');
    const details = { reason, code, status, requestId };
    await recordEvent(trx, { actor: 'mailroom', name: 'account.sign-in-needed', accountId, details });
  });
}
