import { sql, type Transaction } from 'kysely';
import type { AccountAccess } from '../../domain/account-access.ts';
import type { FailureReason, FailureTrace, FailureType } from '../../domain/failure.ts';
import { mailboxKind } from '../../domain/mailbox-kind.ts';
import type { KeyRing } from '../../encryption/key-ring.ts';
import { noteAccess } from '../accounts/account-access.ts';
import { noCondition } from '../accounts/account-conditions.ts';
import { acceptedSignIn } from '../accounts/account-sign-in.ts';
import { recordEvent } from '../accounts/events.ts';
import { skewToDatabase } from '../accounts/skew-to-database.ts';
import type { Database } from '../database.ts';
import { forgetLinks } from '../ingest/cursors.ts';
import { stopPolling } from '../ingest/watches.ts';
import type { Schema } from '../schema.ts';
import { signInContext } from './sign-in-context.ts';
import { putTokenCache } from './token-caches.ts';

/** A sign-in attempt with a code to redeem. */
export interface PendingSignIn {
  readonly id: string;
  readonly accountId: string;
  /** The mailbox that was entered. Its address may differ from the account's: the mailbox was renamed. */
  readonly address: string;
  /** Who is to sign in to a shared mailbox; null: the mailbox's own user. */
  readonly signInAs: string | null;
  /** It asked for the permissions to send as well. */
  readonly forSending: boolean;
  /** The account before the attempt. */
  readonly account: ConnectedMailbox;
  readonly redirectUri: string;
  readonly code: string;
  readonly codeVerifier: string;
  readonly nonce: string;
}

/** The mailbox of an account, as of its last sign-in. */
export interface ConnectedMailbox {
  readonly address: string;
  readonly signInAs: string | null;
  readonly access: AccountAccess;
  /** Null before the first sign-in, and for sign-ins of an earlier release. */
  readonly inboxId: string | null;
  readonly identityTenantId: string | null;
  readonly identityObjectId: string | null;
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
    .select([
      'accountId',
      enteredAddress,
      'signIns.signInAs',
      'redirectUri',
      'code',
      'codeVerifier',
      'nonce',
      'forSending',
    ])
    .select([
      'accounts.address as currentAddress',
      'accounts.signInAs as currentSignInAs',
      'accounts.access as currentAccess',
      'inboxId',
      'identityTenantId',
      'identityObjectId',
    ])
    .executeTakeFirst();
  if (!row || row.code === null) return undefined;
  const { inboxId, identityTenantId, identityObjectId } = row;
  return {
    id: signInId,
    accountId: row.accountId,
    address: row.address,
    signInAs: row.signInAs,
    forSending: row.forSending,
    account: {
      address: row.currentAddress,
      signInAs: row.currentSignInAs,
      access: row.currentAccess,
      inboxId,
      identityTenantId,
      identityObjectId,
    },
    redirectUri: row.redirectUri,
    code: keys.decrypt(row.code, signInContext('code', signInId)),
    codeVerifier: keys.decrypt(row.codeVerifier, signInContext('code_verifier', signInId)),
    nonce: keys.decrypt(row.nonce, signInContext('nonce', signInId)),
  };
}

/** The outcome of an attempt; undefined: none yet, or no such attempt. */
export async function findSignInEnd(
  db: Database,
  signInId: string,
): Promise<{ readonly isConnected: boolean; readonly failureReason: string | null } | undefined> {
  const row = await db
    .selectFrom('signIns')
    .select(['failureReason', 'finishedAt'])
    .where('id', '=', signInId)
    .executeTakeFirst();
  if (!row || row.finishedAt === null) return undefined;
  return { isConnected: row.failureReason === null, failureReason: row.failureReason };
}

/** For queries that join attempts with their accounts: the account's address after a successful attempt. */
export const enteredAddress = sql<string>`coalesce(sign_ins.address, accounts.address)`.as('address');

export interface SignedIn {
  readonly tokenCache: string;
  readonly identity: {
    readonly tenantId: string;
    readonly objectId: string;
    readonly username: string;
    readonly displayName: string;
  };
  /** The permissions to send were granted. */
  readonly maySend: boolean;
  /** The account's address from now on. */
  readonly address: string;
  /** Undefined when it could not be read: a drain reads it later. */
  readonly inboxId: string | undefined;
  /** The mail server's clock minus this process's, in milliseconds. */
  readonly clockSkewMs: number;
}

export type SignInEnd =
  | { readonly stored: true }
  /** The account was removed, or another account reads this mailbox: nothing was stored. */
  | { readonly stored: false; readonly connectedAs: string | undefined };

/**
 * Completes an attempt: stores tokens, identity, address, state and who signs in to a shared mailbox, in one
 * transaction. The first sign-in also decides from when on mail is captured. Where the address or the kind of the
 * mailbox changed, the walk restarts, because links contain both; captured mail is recognised.
 */
export async function completeSignIn(
  db: Database,
  keys: KeyRing,
  { id, accountId, signInAs, account }: Pick<PendingSignIn, 'id' | 'accountId' | 'signInAs' | 'account'>,
  { tokenCache, identity, maySend, address, inboxId, clockSkewMs }: SignedIn,
): Promise<SignInEnd> {
  const skew = await skewToDatabase(db, clockSkewMs);
  return await db.transaction().execute(async (trx) => {
    const connectedAs = await findOtherAccount(trx, accountId, { address, signInAs, inboxId, identity });
    if (connectedAs !== undefined) return { stored: false, connectedAs };
    // By the clock that the skew was measured with, which is not PostgreSQL's; in whole seconds, as mail servers stamp
    // mail: mail received in the second of the sign-in counts.
    const serverNow = sql<Date>`date_trunc('second', ${new Date(Date.now() + clockSkewMs)}::timestamptz)`;
    const { numUpdatedRows } = await trx
      .updateTable('accounts')
      .set({
        signIn: 'done',
        access: 'delegated',
        address,
        signInAs,
        ...(inboxId === undefined ? {} : { inboxId }),
        ...acceptedSignIn,
        ...noCondition,
        signInSince: sql`now()`,
        identityTenantId: identity.tenantId,
        identityObjectId: identity.objectId,
        identityUsername: identity.username,
        identityName: identity.displayName,
        sendingGranted: maySend,
        authenticatedAt: sql`now()`,
        signInNumber: sql`sign_in_number + 1`,
        ...(skew === undefined ? {} : { clockSkewMs: skew }),
        captureFrom: sql<Date>`coalesce(capture_from, ${serverNow} - backfill_days * interval '1 day')`,
        updatedAt: sql`now()`,
      })
      .where('id', '=', accountId)
      .where('removedAt', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return { stored: false, connectedAs: undefined };
    const wasApplication = account.access === 'application';
    if (wasApplication) await noteAccess(trx, 'mailroom', accountId, 'delegated');
    // Links that the application was given name the mailbox, which the person who signed in may do as well.
    const isOtherKind = !wasApplication && (signInAs === null) !== (account.signInAs === null);
    if (address !== account.address || isOtherKind) {
      await forgetLinks(trx, accountId);
      await recordEvent(trx, {
        actor: 'mailroom',
        name: 'account.address-changed',
        accountId,
        details: { mailbox: mailboxKind(signInAs) },
      });
    }
    await putTokenCache(trx, keys, accountId, tokenCache);
    await stopPolling(trx, accountId, 'turned-on');
    const signedInAs = identity.username;
    await trx
      .updateTable('signIns')
      .set({ ...finished, failureReason: null, signedInAs })
      .where('id', '=', id)
      .execute();
    await recordEvent(trx, { actor: 'mailroom', name: 'account.authenticated', accountId, targetId: id });
    return { stored: true };
  });
}

/** Why an attempt was refused. */
type RefusedSignIn = { readonly type: FailureType; readonly reason?: FailureReason | undefined } & FailureTrace & {
    readonly clockSkewMs?: number | undefined;
  };

export interface Refused {
  /** Who signed in. */
  readonly signedInAs?: string | undefined;
  /** The account that already reads the mailbox. */
  readonly connectedAs?: string | undefined;
}

/**
 * Ends an attempt without success: the account keeps its state, and one that waits shows why. Safe to repeat. False
 * when the attempt was already over.
 */
export async function refuseSignIn(
  db: Database,
  { id, accountId }: Pick<PendingSignIn, 'id' | 'accountId'>,
  { type, reason, code, status, requestId, clockSkewMs }: RefusedSignIn,
  { signedInAs, connectedAs }: Refused = {},
): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('signIns')
      .set({
        ...finished,
        failureReason: reason ?? type,
        signedInAs: signedInAs ?? null,
        connectedAs: connectedAs ?? null,
      })
      .where('id', '=', id)
      .where('finishedAt', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await trx
      .updateTable('accounts')
      .set({
        signInReason: reason ?? type,
        signInCode: code ?? null,
        signInStatus: status ?? null,
        signInRequestId: requestId ?? null,
      })
      .where('id', '=', accountId)
      .where('signIn', 'in', ['awaiting', 'expired'])
      .execute();
    const details = { type, reason, code, status, requestId, clockSkewMs };
    await recordEvent(trx, { actor: 'mailroom', name: 'account.sign-in-refused', accountId, targetId: id, details });
    return true;
  });
}

interface FoundMailbox extends Pick<SignedIn, 'address' | 'inboxId' | 'identity'> {
  readonly signInAs: string | null;
}

/**
 * The other account that reads this mailbox, or has its address. Until the transaction ends, takes turns with other
 * sign-ins to the mailbox and with captures of its mail.
 */
async function findOtherAccount(
  trx: Transaction<Schema>,
  accountId: string,
  { address, signInAs, inboxId, identity }: FoundMailbox,
): Promise<string | undefined> {
  if (inboxId !== undefined) await sql`select pg_advisory_xact_lock(hashtextextended(${inboxId}, 0))`.execute(trx);
  const row = await trx
    .selectFrom('accounts')
    .select('id')
    .where('id', '<>', accountId)
    .where('removedAt', 'is', null)
    .where(
      sql<boolean>`(
        accounts.address = ${address}
        or accounts.sign_in in ('done', 'needed') and (
          accounts.inbox_id = ${inboxId ?? null}::text
          or ${signInAs === null} and accounts.sign_in_as is null
            and accounts.identity_tenant_id = ${identity.tenantId} and accounts.identity_object_id = ${identity.objectId}
        )
      )`,
    )
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}

/** The code is single use and the verifier worthless without it; neither needs to be kept. */
const finished = { finishedAt: sql<Date>`now()`, code: null } as const;
