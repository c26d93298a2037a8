import { sql } from 'kysely';
import type { SecurityProfile } from '../../domain/security-profile.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';

export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  readonly profile: SecurityProfile;
  /** The last four characters. */
  readonly hint: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Administrators who check whether a key is still used need days, not seconds. */
const USED_EVERY_MINUTES = 5;

/** The key of a hash, unless it was revoked. */
export async function findApiKey(
  db: Queryable,
  keyHash: Buffer,
): Promise<Pick<ApiKeyView, 'id' | 'name' | 'profile'> | undefined> {
  const row = await db
    .selectFrom('apiKeys')
    .where('keyHash', '=', keyHash)
    .where('revokedAt', 'is', null)
    .select([
      'id',
      'name',
      'profile',
      sql<boolean>`coalesce(last_used_at < now() - ${USED_EVERY_MINUTES} * interval '1 minute', true)`.as('stale'),
    ])
    .executeTakeFirst();
  if (!row) return undefined;
  const { stale, ...key } = row;
  if (stale) {
    await db.updateTable('apiKeys').set({ lastUsedAt: sql`now()` }).where('id', '=', key.id).execute();
  }
  return key;
}

export async function listApiKeys(db: Queryable): Promise<readonly ApiKeyView[]> {
  return await db
    .selectFrom('apiKeys')
    .select(['id', 'name', 'profile', 'hint', 'createdAt', 'lastUsedAt', 'revokedAt'])
    .orderBy('name')
    .execute();
}

/** False when a key of this name exists, even a revoked one: a name in the history refers to one key. */
export async function addApiKey(
  db: Database,
  actor: string,
  key: {
    readonly name: string;
    readonly profile: SecurityProfile;
    readonly keyHash: Buffer;
    readonly hint: string;
  },
): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const added = await trx
      .insertInto('apiKeys')
      .values(key)
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!added) return false;
    const details = { profile: key.profile };
    await recordEvent(trx, { actor, name: 'api-key.created', targetId: added.id, details });
    return true;
  });
}

/** Takes effect with the next request. False when the key does not exist or was already revoked. */
export async function revokeApiKey(db: Database, actor: string, name: string): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const revoked = await trx
      .updateTable('apiKeys')
      .set({ revokedAt: sql`now()` })
      .where('name', '=', name)
      .where('revokedAt', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!revoked) return false;
    await recordEvent(trx, { actor, name: 'api-key.revoked', targetId: revoked.id });
    return true;
  });
}
