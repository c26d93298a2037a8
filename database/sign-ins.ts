import { sql } from 'kysely';
import type { FailureReason, FailureType } from '../domain/failure.ts';
import type { KeyRing } from '../encryption/key-ring.ts';
import type { Database } from './database.ts';
import { recordEvent } from './events.ts';
import { putTokenCache } from './token-caches.ts';
import { suspendWatch } from './watches.ts';

/** An attempt to sign in whose code came back and waits to be redeemed. */
export interface PendingSignIn {
  readonly id: string;
  readonly accountId: string;
  /** The mailbox that was entered. */
  readonly address: string;
  /** Who is to sign in for it, where it is shared; null: the mailbox's own user. */
  readonly signInAs: string | null;
  readonly redirectUri: string;
  readonly code: string;
  readonly codeVerifier: string;
  readonly nonce: string;
}

/** Undefined when the attempt does not exist, holds no code (any more), or its account is removed. */
export async function findPendingSignIn(
  db: Database,
  keys: KeyRing,
  signInId: string,
): Promise<PendingSignIn | undefined> {
  const row = await db
    .selectFrom('signIns')
    .innerJoin('accounts', 'accounts.id', 'signIns.accountId')
    .where('signIns.id', '=', signInId)
    .where('signIns.finishedAt', 'is', null)
    .where('accounts.removedAt', 'is', null)
    .select(['accountId', enteredAddress, 'signIns.signInAs', 'redirectUri', 'code', 'codeVerifier', 'nonce'])
    .executeTakeFirst();
  if (!row || row.code === null) return undefined;
  return {
    id: signInId,
    accountId: row.accountId,
    address: row.address,
    signInAs: row.signInAs,
    redirectUri: row.redirectUri,
    code: keys.decrypt(row.code, `sign_ins.code|${signInId}`),
    codeVerifier: keys.decrypt(row.codeVerifier, `sign_ins.code_verifier|${signInId}`),
    nonce: keys.decrypt(row.nonce, `sign_ins.nonce|${signInId}`),
  };
}

/** For queries that join attempts with their accounts: the address that the account has once the attempt succeeded. */
export const enteredAddress = sql<string>`coalesce(sign_ins.address, accounts.address)`.as('address');

export interface SignedIn {
  readonly tokenCache: string;
  readonly identity: {
    readonly tenantId: string;
    readonly objectId: string;
    readonly username: string;
    readonly displayName: string;
  };
  /** The mail server's clock minus ours, in milliseconds. */
  readonly clockSkewMs: number;
}

/**
 * Ends an attempt with success: tokens, identity and state in one transaction, and with them who signs in
 * for a shared mailbox from now on. The first sign-in also decides from
 * when on mail is captured. False when the account was removed meanwhile: then nothing is stored.
 */
export async function completeSignIn(
  db: Database,
  keys: KeyRing,
  { id, accountId, signInAs }: Pick<PendingSignIn, 'id' | 'accountId' | 'signInAs'>,
  { tokenCache, identity, clockSkewMs }: SignedIn,
): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const serverNow = sql<Date>`date_trunc('second', now() + ${clockSkewMs} * interval '1 millisecond')`;
    const { numUpdatedRows } = await trx
      .updateTable('accounts')
      .set({
        signIn: 'done',
        signInAs,
        signInReason: null,
        signInSince: sql`now()`,
        identityTenantId: identity.tenantId,
        identityObjectId: identity.objectId,
        identityUsername: identity.username,
        identityName: identity.displayName,
        authenticatedAt: sql`now()`,
        signInNumber: sql`sign_in_number + 1`,
        clockSkewMs,
        captureFrom: sql<Date>`coalesce(capture_from, ${serverNow} - backfill_days * interval '1 day')`,
        updatedAt: sql`now()`,
      })
      .where('id', '=', accountId)
      .where('removedAt', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await putTokenCache(trx, keys, accountId, tokenCache);
    await suspendWatch(trx, accountId);
    const signedInAs = identity.username;
    await trx
      .updateTable('signIns')
      .set({ ...finished, signedInAs })
      .where('id', '=', id)
      .execute();
    await recordEvent(trx, { actor: 'mailroom', name: 'account.authenticated', accountId, targetId: id });
    return true;
  });
}

/**
 * Ends an attempt without success: the account keeps its state, and one that waits shows why. `signedInAs` is who did,
 * where anybody did. Safe to repeat.
 */
export async function refuseSignIn(
  db: Database,
  { id, accountId }: Pick<PendingSignIn, 'id' | 'accountId'>,
  { type, reason, code }: { type: FailureType; reason?: FailureReason | undefined; code?: string | undefined },
  signedInAs?: string,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('signIns')
      .set({ ...finished, failureReason: reason ?? type, signedInAs: signedInAs ?? null })
      .where('id', '=', id)
      .where('finishedAt', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return;
    await trx
      .updateTable('accounts')
      .set({ signInReason: reason ?? type })
      .where('id', '=', accountId)
      .where('signIn', 'in', ['awaiting', 'expired'])
      .execute();
    const details = { type, reason, code };
    await recordEvent(trx, { actor: 'mailroom', name: 'account.sign-in-refused', accountId, targetId: id, details });
  });
}

/** The code is single use and the verifier worthless without it; neither needs to be kept. */
const finished = { finishedAt: sql<Date>`now()`, code: null } as const;
