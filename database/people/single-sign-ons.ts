import { sql } from 'kysely';
import type { KeyRing } from '../../encryption/key-ring.ts';
import type { Queryable } from '../database.ts';

/** A single sign-on attempt while the browser is at the provider. */
export interface SingleSignOn {
  /** SHA-256 of the state parameter. */
  readonly stateHash: Buffer;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** A local path. */
  readonly returnTo: string;
  /** SHA-256 of a cookie: the attempt ends in the browser in which it began. */
  readonly browserHash: Buffer;
  /** The user who is to prove again who they are; undefined: anyone may sign in. */
  readonly stepUpOf?: string | undefined;
}

/** An attempt whose browser came back. */
export interface TakenSingleSignOn extends SingleSignOn {
  readonly startedAt: Date;
}

/** Long enough to find a phone for the second factor. */
const EXPIRES_AFTER_MINUTES = 10;

export const SINGLE_SIGN_ON_MAX_AGE_SECONDS = EXPIRES_AFTER_MINUTES * 60;

export const singleSignOnContext = (column: string, stateHash: Buffer) =>
  `single_sign_ons.${column}|${stateHash.toString('hex')}`;

export async function addSingleSignOn(db: Queryable, keys: KeyRing, attempt: SingleSignOn): Promise<void> {
  const { stateHash, nonce, codeVerifier, returnTo, browserHash, stepUpOf } = attempt;
  await db.deleteFrom('singleSignOns').where('expiresAt', '<', sql<Date>`now()`).execute();
  await db
    .insertInto('singleSignOns')
    .values({
      stateHash,
      nonce: keys.encrypt(nonce, singleSignOnContext('nonce', stateHash)),
      codeVerifier: keys.encrypt(codeVerifier, singleSignOnContext('code_verifier', stateHash)),
      returnTo,
      browserHash,
      stepUpOf: stepUpOf ?? null,
      startedAt: sql<Date>`clock_timestamp()`,
      expiresAt: sql<Date>`now() + ${EXPIRES_AFTER_MINUTES} * interval '1 minute'`,
    })
    .execute();
}

/**
 * Takes an attempt, once. Undefined when it is unknown, used, expired, or began in another browser; an attempt of
 * another browser stays, so that users cannot end each other's.
 */
export async function takeSingleSignOn(
  db: Queryable,
  keys: KeyRing,
  { stateHash, browserHash }: Pick<SingleSignOn, 'stateHash' | 'browserHash'>,
): Promise<TakenSingleSignOn | undefined> {
  const row = await db
    .deleteFrom('singleSignOns')
    .where('stateHash', '=', stateHash)
    .where('browserHash', '=', browserHash)
    .where('expiresAt', '>', sql<Date>`now()`)
    .returning(['nonce', 'codeVerifier', 'returnTo', 'startedAt', 'stepUpOf'])
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    stateHash,
    browserHash,
    returnTo: row.returnTo,
    startedAt: row.startedAt,
    stepUpOf: row.stepUpOf ?? undefined,
    nonce: keys.decrypt(row.nonce, singleSignOnContext('nonce', stateHash)),
    codeVerifier: keys.decrypt(row.codeVerifier, singleSignOnContext('code_verifier', stateHash)),
  };
}
