import { sql } from 'kysely';
import { type MailboxKind, mailboxKind } from '../../domain/mailbox-kind.ts';
import type { KeyRing } from '../../encryption/key-ring.ts';
import type { Queryable } from '../database.ts';

export interface TokenCache {
  readonly cache: string;
  readonly version: number;
  /** The kind of mailbox that the tokens are for. */
  readonly mailbox: MailboxKind;
}

export const tokenCacheContext = (accountId: string) => `token_caches.cache|${accountId}`;

/** The tokens of an account as msal serialised them. Throws DecryptionError when the key is not configured. */
export async function findTokenCache(db: Queryable, keys: KeyRing, accountId: string): Promise<TokenCache | undefined> {
  const row = await db
    .selectFrom('tokenCaches')
    .innerJoin('accounts', 'accounts.id', 'tokenCaches.accountId')
    .select(['cache', 'version', 'signInAs'])
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    cache: keys.decrypt(row.cache, tokenCacheContext(accountId)),
    version: row.version,
    mailbox: mailboxKind(row.signInAs),
  };
}

/** Stores the tokens of a new sign-in over any others. */
export async function putTokenCache(db: Queryable, keys: KeyRing, accountId: string, cache: string): Promise<void> {
  const ciphertext = keys.encrypt(cache, tokenCacheContext(accountId));
  await db
    .insertInto('tokenCaches')
    .values({ accountId, cache: ciphertext })
    .onConflict((conflict) =>
      conflict
        .column('accountId')
        .doUpdateSet({ cache: ciphertext, version: sql`token_caches.version + 1`, updatedAt: sql`now()` }),
    )
    .execute();
}

/**
 * Stores refreshed tokens, unless others were stored since `expectedVersion` was read: then returns false, because
 * those are newer. An account that was removed in between has no row, and gets none.
 */
export async function replaceTokenCache(
  db: Queryable,
  keys: KeyRing,
  accountId: string,
  cache: string,
  expectedVersion: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('tokenCaches')
    .set({
      cache: keys.encrypt(cache, tokenCacheContext(accountId)),
      version: expectedVersion + 1,
      updatedAt: sql`now()`,
    })
    .where('accountId', '=', accountId)
    .where('version', '=', expectedVersion)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
