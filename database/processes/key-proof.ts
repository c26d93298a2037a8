import { sql } from 'kysely';
import { SILENT_AFTER_SECONDS } from '../../domain/health.ts';
import { DecryptionError, type KeyRing } from '../../encryption/key-ring.ts';
import { CLIENT_SECRET_CONTEXT } from '../accounts/settings-credential.ts';
import type { Database, Queryable } from '../database.ts';
import { tokenCacheContext } from '../sign-in/token-caches.ts';

/** Encrypted once with every key: only the right key decrypts it. */
const KNOWN_TEXT = 'Mailroom';
/** Long enough to contain a ciphertext's key id, so that the rest is not read. */
const PREFIX_LENGTH = 64;

/** What is wrong with the keys of a process. */
export type KeyProblem =
  /** Stored data was encrypted with a different key of the same id. */
  | { readonly reason: 'key-wrong'; readonly keyId: string }
  /** Stored data needs a key that the process does not have; `isHeldElsewhere`: another process has it. */
  | { readonly reason: 'key-missing'; readonly keyId: string; readonly isHeldElsewhere: boolean };

/**
 * Checks every key against what it encrypted: the known text under its id, and the global properties and tokens that
 * name it. A new key stores its known text. Undefined when all keys match and none is missing. Whether any token needs
 * a missing key takes a scan of all tokens, done only `withTokens`.
 */
export async function findKeyProblem(
  db: Database,
  keys: KeyRing,
  { withTokens }: { readonly withTokens: boolean },
): Promise<KeyProblem | undefined> {
  const checks = await db.selectFrom('keyChecks').select(['keyId', 'knownText']).execute();
  for (const keyId of keys.keyIds) {
    const known = checks.find((check) => check.keyId === keyId)?.knownText ?? (await introduce(db, keys, keyId));
    if (known === undefined || !reads(keys, known, contextOf(keyId))) return { reason: 'key-wrong', keyId };
  }
  return await findMissingKey(db, keys, withTokens);
}

/**
 * A key that differs from the one that the processes hold under its id, or the newest if none of them has held it yet:
 * for commands, which must not introduce a key. Undefined: all are proved.
 */
export async function findUnprovedKey(
  db: Queryable,
  keys: KeyRing,
): Promise<{ readonly reason: 'key-wrong' | 'key-unused'; readonly keyId: string } | undefined> {
  const checks = await db.selectFrom('keyChecks').select(['keyId', 'knownText']).execute();
  for (const [index, keyId] of keys.keyIds.entries()) {
    const known = checks.find((check) => check.keyId === keyId)?.knownText;
    if (known !== undefined && !reads(keys, known, contextOf(keyId))) return { reason: 'key-wrong', keyId };
    if (known === undefined && index === 0) return { reason: 'key-unused', keyId };
  }
  return undefined;
}

/** The known text of a new key, unless stored data that names the key proves it wrong. */
async function introduce(db: Database, keys: KeyRing, keyId: string): Promise<string | undefined> {
  const namesKey = `v1.${keyId}.`;
  const settings = await db.selectFrom('settings').select('clientSecret').execute();
  const caches = await db
    .selectFrom('tokenCaches')
    .select(['accountId', 'cache'])
    .where(sql<boolean>`starts_with(cache, ${namesKey})`)
    .limit(1)
    .execute();
  const written = [
    ...settings.map(({ clientSecret }) => ({ text: clientSecret, context: CLIENT_SECRET_CONTEXT })),
    ...caches.map(({ accountId, cache }) => ({ text: cache, context: tokenCacheContext(accountId) })),
  ].filter(({ text }) => text.startsWith(namesKey));
  if (!written.every(({ text, context }) => reads(keys, text, context))) return undefined;
  const knownText = keys.encrypt(KNOWN_TEXT, contextOf(keyId), keyId);
  await db
    .insertInto('keyChecks')
    .values({ keyId, knownText })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  // Another process may have stored its own at the same moment: that one counts.
  const stored = await db.selectFrom('keyChecks').select('knownText').where('keyId', '=', keyId).executeTakeFirst();
  return stored?.knownText;
}

/** A missing key without which the client secret or an account's tokens cannot be decrypted. */
async function findMissingKey(db: Queryable, keys: KeyRing, withTokens: boolean): Promise<KeyProblem | undefined> {
  const { rows } = await sql<{ keyId: string; isHeldElsewhere: boolean }>`
    with used as (
      select split_part(left(client_secret, ${PREFIX_LENGTH}), '.', 2) as key_id from settings
      union
      select split_part(left(token_caches.cache, ${PREFIX_LENGTH}), '.', 2)
      from token_caches join accounts on accounts.id = token_caches.account_id
      where ${withTokens} and accounts.removed_at is null and accounts.sign_in = 'done'
    )
    select key_id, exists (
      select from processes where key_id = any(processes.key_ids)
        and processes.seen_at > now() - ${SILENT_AFTER_SECONDS} * interval '1 second'
    ) as is_held_elsewhere
    from used where key_id <> all(${keys.keyIds}::text[]) order by key_id limit 1
  `.execute(db);
  return rows[0] && { reason: 'key-missing', ...rows[0] };
}

function contextOf(keyId: string): string {
  return `key_checks.known_text|${keyId}`;
}

function reads(keys: KeyRing, ciphertext: string, context: string): boolean {
  try {
    keys.decrypt(ciphertext, context);
    return true;
  } catch (error) {
    if (error instanceof DecryptionError) return false;
    throw error;
  }
}

/** What is wrong with the keys and what to do, in one line for the operator. */
export function keyProblemWords({ reason, keyId }: KeyProblem): string {
  return reason === 'key-wrong'
    ? `ENCRYPTION_KEYS: the key "${keyId}" is not the one that encrypted what this database holds. Put that key back; if it is lost, give the new key another id and put it in front.`
    : `ENCRYPTION_KEYS: the key "${keyId}" is missing, without which what this database holds cannot be read. Put it back, behind the newest.`;
}
