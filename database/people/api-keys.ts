import { type SelectQueryBuilder, sql } from 'kysely';
import type { KeyLimits, KeyPurpose } from '../../domain/key-limits.ts';
import type { Permission, SecurityProfile } from '../../domain/security-profile.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import type { Schema } from '../schema.ts';
import { actorName } from './actor-name.ts';
import { teamQueueIds } from './reach.ts';

export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  readonly purpose: KeyPurpose;
  readonly profile: SecurityProfile;
  /** The last four characters. */
  readonly hint: string;
  readonly limits: KeyLimits;
  readonly createdAt: Date;
  /** The name of who made it; null: the command line did, or it is not known. */
  readonly createdByName: string | null;
  /** Null: it does not expire. */
  readonly expiresAt: Date | null;
  readonly isExpired: boolean;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Administrators who check whether a key is still used need days, not seconds. */
const USED_EVERY_MINUTES = 5;

type UsedColumn = 'id' | 'name' | 'purpose' | 'profile' | 'limits' | 'isExpired' | 'expiresAt';

/** What a request by a key is judged by. */
export interface UsedApiKey extends Pick<ApiKeyView, UsedColumn> {
  /** The queues of the teams of who made it; null: all, or the command line made it. */
  readonly makerQueueIds: readonly string[] | null;
  readonly makerReadsMail: boolean;
}

/** The key of a hash, unless it was revoked. An expired one is found, so that its user learns why it is refused. */
export async function findApiKey(db: Queryable, keyHash: Buffer): Promise<UsedApiKey | undefined> {
  const row = await db
    .selectFrom('apiKeys')
    .leftJoin('users', (join) =>
      join.on(sql<boolean>`users.id = case when created_by like 'user:%' then substr(created_by, 6)::uuid end`),
    )
    .where('keyHash', '=', keyHash)
    .where('revokedAt', 'is', null)
    .select(['apiKeys.id', 'apiKeys.name', 'apiKeys.purpose', 'apiKeys.profile', 'apiKeys.expiresAt', isExpired])
    .select(limitColumns)
    .select([teamQueueIds.as('makerQueueIds'), sql<boolean>`coalesce(users.reads_mail, true)`.as('makerReadsMail')])
    .select(
      sql<boolean>`coalesce(last_used_at < now() - ${USED_EVERY_MINUTES} * interval '1 minute', true)`.as('stale'),
    )
    .executeTakeFirst();
  if (!row) return undefined;
  const { stale, ...key } = row;
  if (stale && !key.isExpired) {
    await db.updateTable('apiKeys').set({ lastUsedAt: sql`now()` }).where('id', '=', key.id).execute();
  }
  return { ...key, limits: limitsOf(key) };
}

/** By the clock of the database, as every key's end is decided. */
const isExpired = sql<boolean>`coalesce(expires_at <= now(), false)`.as('isExpired');
const limitColumns = ['permissions', 'queueIds', 'accountIds', 'networks'] as const;

function limitsOf(row: Readonly<Record<(typeof limitColumns)[number], readonly string[] | null>>): KeyLimits {
  const { permissions, queueIds, accountIds, networks } = row;
  return {
    permissions: (permissions as readonly Permission[] | null) ?? undefined,
    queueIds: queueIds ?? undefined,
    accountIds: accountIds ?? undefined,
    networks: networks ?? undefined,
  };
}

/** All keys by name, revoked ones included. */
export async function listApiKeys(db: Queryable): Promise<readonly ApiKeyView[]> {
  return (await selectKeys(db).orderBy('name').execute()).map((row) => ({ ...row, limits: limitsOf(row) }));
}

export async function findApiKeyView(db: Queryable, id: string): Promise<ApiKeyView | undefined> {
  const row = await selectKeys(db).where('id', '=', id).executeTakeFirst();
  return row && { ...row, limits: limitsOf(row) };
}

function selectKeys(db: Queryable) {
  const keys: SelectQueryBuilder<Schema, 'apiKeys', object> = db.selectFrom('apiKeys');
  return keys
    .select([
      'id',
      'name',
      'purpose',
      'profile',
      'hint',
      'createdAt',
      'expiresAt',
      'lastUsedAt',
      'revokedAt',
      isExpired,
    ])
    .select(limitColumns)
    .select(actorName('apiKeys.createdBy').as('createdByName'));
}

export interface NewApiKey {
  readonly name: string;
  readonly purpose?: KeyPurpose;
  readonly profile: SecurityProfile;
  readonly keyHash: Buffer;
  readonly hint: string;
  readonly limits?: KeyLimits;
  readonly expiresAt?: Date | undefined;
}

/**
 * The new key's id. Undefined when a key of this name exists, even a revoked one: a name in the history refers to one
 * key.
 */
export async function addApiKey(
  db: Database,
  actor: string,
  { limits = {}, expiresAt, ...key }: NewApiKey,
): Promise<string | undefined> {
  return await db.transaction().execute(async (trx) => {
    const added = await trx
      .insertInto('apiKeys')
      .values({
        ...key,
        createdBy: actor,
        expiresAt: expiresAt ?? null,
        permissions: limits.permissions ? [...limits.permissions] : null,
        queueIds: limits.queueIds ? [...limits.queueIds] : null,
        accountIds: limits.accountIds ? [...limits.accountIds] : null,
        networks: limits.networks ? [...limits.networks] : null,
      })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!added) return undefined;
    const details = { purpose: key.purpose, profile: key.profile, ...limits, expiresAt: expiresAt?.toISOString() };
    await recordEvent(trx, { actor, name: 'api-key.created', targetId: added.id, details });
    return added.id;
  });
}

/** Takes effect with the next request. False when the key does not exist or was already revoked. */
export async function revokeApiKey(
  db: Database,
  actor: string,
  key: { readonly name: string } | { readonly id: string },
): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const revoked = await trx
      .updateTable('apiKeys')
      .set({ revokedAt: sql`now()` })
      .where((row) => ('id' in key ? row('id', '=', key.id) : row('name', '=', key.name)))
      .where('revokedAt', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!revoked) return false;
    await recordEvent(trx, { actor, name: 'api-key.revoked', targetId: revoked.id });
    return true;
  });
}
