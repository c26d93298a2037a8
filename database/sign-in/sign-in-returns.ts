import { sql } from 'kysely';
import type { KeyRing } from '../../encryption/key-ring.ts';
import type { Database, Queryable } from '../database.ts';
import { signInContext } from './sign-in-context.ts';
import { enteredAddress } from './sign-ins.ts';

/** A sign-in attempt whose browser came back. */
export interface ReturnedSignIn {
  readonly id: string;
  readonly accountId: string;
  /** The mailbox that was entered, by its address after this attempt. */
  readonly address: string;
  /** Who is to sign in to a shared mailbox. */
  readonly signInAs: string | null;
}

export type SignInReturn =
  /** Claimed just now, or claimed before with a code that was not redeemed yet. */
  | { readonly outcome: 'returned'; readonly signIn: ReturnedSignIn }
  | { readonly outcome: 'unknown' | 'removed' }
  | { readonly outcome: 'expired' | 'used'; readonly signIn: ReturnedSignIn };

/** The account that already reads the mailbox of a refused attempt. */
export async function findConnectedAs(
  db: Queryable,
  signInId: string,
): Promise<{ readonly id: string; readonly address: string } | undefined> {
  return await db
    .selectFrom('signIns')
    .innerJoin('accounts', 'accounts.id', 'signIns.connectedAs')
    .where('signIns.id', '=', signInId)
    .select(['accounts.id', 'accounts.address'])
    .executeTakeFirst();
}

/**
 * Claims the attempt of a state and stores the code that came with it. One statement decides, so of two browsers with
 * the same state one wins, and an attempt works once.
 *
 * A code that was stored but never redeemed (Temporal was away) may be retried with the same address of the page.
 */
export async function claimSignIn(
  db: Database,
  keys: KeyRing,
  stateHash: Buffer,
  code: string | undefined,
): Promise<SignInReturn> {
  return await db.transaction().execute(async (trx) => {
    const claimed = await trx
      .updateTable('signIns')
      .set({ usedAt: sql`now()` })
      .where('stateHash', '=', stateHash)
      .where('usedAt', 'is', null)
      .where('expiresAt', '>', sql<Date>`now()`)
      .returning('id')
      .executeTakeFirst();
    const attempt = await trx
      .selectFrom('signIns')
      .innerJoin('accounts', 'accounts.id', 'signIns.accountId')
      .where('stateHash', '=', stateHash)
      .select([
        'signIns.id',
        'accountId',
        enteredAddress,
        'signIns.signInAs',
        'usedAt',
        'finishedAt',
        'code',
        'removedAt',
      ])
      .executeTakeFirst();
    if (!attempt) return { outcome: 'unknown' };
    const { id, accountId, address, signInAs } = attempt;
    const signIn = { id, accountId, address, signInAs };
    if (attempt.removedAt) return { outcome: 'removed' };
    if (!claimed) {
      if (attempt.usedAt === null) return { outcome: 'expired', signIn };
      const unfinished = attempt.finishedAt === null && attempt.code !== null;
      return { outcome: unfinished ? 'returned' : 'used', signIn };
    }
    if (code !== undefined) {
      const ciphertext = keys.encrypt(code, signInContext('code', id));
      await trx.updateTable('signIns').set({ code: ciphertext }).where('id', '=', id).execute();
    }
    return { outcome: 'returned', signIn };
  });
}
