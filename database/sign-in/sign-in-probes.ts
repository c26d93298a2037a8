import { sql } from 'kysely';
import type { AccountAccess } from '../../domain/account-access.ts';
import { SIGN_IN_PROBED_AFTER_MS, SIGN_IN_PROBED_AT_LEAST_EVERY_MS } from '../../domain/schedule.ts';
import { noCondition } from '../accounts/account-conditions.ts';
import { acceptedSignIn, type SignInRef, type SignInRefusal } from '../accounts/account-sign-in.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database } from '../database.ts';
import { pollAfter } from '../ingest/watches.ts';

/** Accounts of one tenant are refused together: their probes drift apart by this share. */
const JITTER = 0.2;

/** An account whose stored sign-in is due for a try. */
export interface SignInProbe extends SignInRef {
  readonly address: string;
  readonly signInAs: string | null;
  readonly access: AccountAccess;
  /** The sign-in is accepted again, but the account's workflow has not been signalled yet. */
  readonly isRestored: boolean;
}

/**
 * Takes accounts whose needed sign-in is due for another try, or whose workflow is to be signalled that it was
 * restored. Safe for many workers at once: none gets an account that another has. Each is due again after the time for
 * which it has been needed.
 */
export async function takeSignInProbes(db: Database, limit: number): Promise<readonly SignInProbe[]> {
  const { rows } = await sql<SignInProbe>`
    with due as (
      select id from accounts
      where removed_at is null
        and (sign_in = 'needed' or (sign_in = 'done' and sign_in_probe_at is not null))
        and coalesce(sign_in_probe_at, '-infinity') <= now()
      order by sign_in_probe_at nulls first limit ${limit} for update skip locked
    )
    update accounts set sign_in_probe_at = now() + interval '1 millisecond' * (1 + ${JITTER} * random()) * least(
      ${SIGN_IN_PROBED_AT_LEAST_EVERY_MS}::float8,
      greatest(${SIGN_IN_PROBED_AFTER_MS}::float8, extract(epoch from now() - sign_in_since)::float8 * 1000)
    )
    from due where accounts.id = due.id
    returning accounts.id as account_id, address, sign_in_as, access, sign_in_number,
      sign_in = 'done' as is_restored
  `.execute(db);
  return rows;
}

/** The stored sign-in is still refused, perhaps for another reason. */
export async function keepSignInNeeded(
  db: Database,
  { accountId, signInNumber }: SignInRef,
  { reason, code, status, requestId }: SignInRefusal,
): Promise<void> {
  await db
    .updateTable('accounts')
    .set({
      signInReason: reason ?? null,
      signInCode: code ?? null,
      signInStatus: status ?? null,
      signInRequestId: requestId ?? null,
    })
    .where('id', '=', accountId)
    .where('signInNumber', '=', signInNumber)
    .where('signIn', '=', 'needed')
    .execute();
}

/**
 * The stored sign-in is accepted again: the reader polls the account at once. Its workflow still waits for a person, so
 * it is to be signalled (`noteWorkflowInformed`). False after a newer sign-in.
 */
export async function restoreSignIn(db: Database, { accountId, signInNumber }: SignInRef): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('accounts')
      .set({
        signIn: 'done',
        ...acceptedSignIn,
        ...noCondition,
        signInSince: sql`now()`,
        signInProbeAt: sql`now()`,
        updatedAt: sql`now()`,
      })
      .where('id', '=', accountId)
      .where('signInNumber', '=', signInNumber)
      .where('signIn', '=', 'needed')
      .where('removedAt', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await pollAfter(trx, accountId, { event: 'sign-in-restored', delayMs: 0 });
    await recordEvent(trx, { actor: 'mailroom', name: 'account.sign-in-restored', accountId });
    return true;
  });
}

/** The account's workflow knows that the sign-in is done. */
export async function noteWorkflowInformed(db: Database, { accountId, signInNumber }: SignInRef): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ signInProbeAt: null })
    .where('id', '=', accountId)
    .where('signInNumber', '=', signInNumber)
    .where('signIn', '=', 'done')
    .execute();
}
