import { sql } from 'kysely';
import { SILENT_AFTER_SECONDS } from '../../domain/health.ts';
import type { KeyRing } from '../../encryption/key-ring.ts';
import type { Database, Queryable } from '../database.ts';
import { type EncryptedPlace, encryptedPlaces } from './encrypted-places.ts';

/** What one encryption key is needed for. */
export interface KeyUsage {
  readonly keyId: string;
  /** Whether this process holds it, and whether it is the newest, which encrypts. */
  readonly held: 'newest' | 'older' | 'no';
  /** Values under it, by the words of their place. */
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
  /** Since when nothing is left under it: as `noteEmptyKeys` saw it. */
  readonly emptiedAt: Date | null;
}

/** Long enough to contain a ciphertext's key id, so that the rest is not read. */
const PREFIX_LENGTH = 64;
/** A scan of ten thousand tokens or pieces takes a tenth of a second; of a cold disk, longer. */
const COUNT_WITHIN = '60s';

/** The id of the key in a row of a place. */
export function keyIdOf({ table, column, form }: EncryptedPlace) {
  if (form === 'bytes') return sql<string>`${sql.ref(`${table}.key_id`)}`;
  return sql<string>`split_part(left(${sql.ref(`${table}.${column}`)}, ${sql.lit(PREFIX_LENGTH)}), '.', 2)`;
}

/** All keys that are configured here or that something names, the newest first. */
export async function readKeyUsage(db: Database, keys: KeyRing): Promise<readonly KeyUsage[]> {
  return await db.transaction().execute(async (trx) => {
    await sql`select set_config('statement_timeout', ${COUNT_WITHIN}, true)`.execute(trx);
    const checks = await trx
      .selectFrom('keyChecks')
      .select(['keyId', 'emptiedAt'])
      .orderBy('createdAt', 'desc')
      .execute();
    const counts = new Map<string, Map<string, number>>();
    for (const place of encryptedPlaces) {
      const { rows } = await sql<{ keyId: string; count: number }>`
        select ${keyIdOf(place)} as key_id, count(*)::int as count from ${sql.table(place.table)}
        where ${sql.ref(`${place.table}.${place.column}`)} is not null group by 1`.execute(trx);
      for (const { keyId, count } of rows) {
        const ofKey = counts.get(keyId) ?? new Map<string, number>();
        counts.set(keyId, ofKey.set(place.words, count));
      }
    }
    const ids = new Set([...keys.keyIds, ...checks.map(({ keyId }) => keyId), ...counts.keys()]);
    return [...ids].map((keyId): KeyUsage => {
      const ofKey = counts.get(keyId) ?? new Map<string, number>();
      const total = ofKey.values().reduce((sum, count) => sum + count, 0);
      const position = keys.keyIds.indexOf(keyId);
      return {
        keyId,
        held: position === 0 ? 'newest' : position > 0 ? 'older' : 'no',
        counts: ofKey,
        total,
        emptiedAt: total > 0 ? null : (checks.find((check) => check.keyId === keyId)?.emptiedAt ?? null),
      };
    });
  });
}

/**
 * Notes since when older keys have nothing left, which stays as long as that is so: values outside of the database,
 * such as those that Microsoft returns with notifications, end some time after that.
 */
export async function noteEmptyKeys(db: Queryable, usage: readonly KeyUsage[]): Promise<void> {
  const empty = usage.filter(({ held, total }) => held !== 'newest' && total === 0).map(({ keyId }) => keyId);
  await sql`
    update key_checks set emptied_at = case when key_id = any(${empty}::text[]) then coalesce(emptied_at, now()) end
    where (emptied_at is null) = (key_id = any(${empty}::text[]))`.execute(db);
}

/** How many running processes do not hold a key: they could not read what it encrypts. */
export async function countProcessesWithout(db: Queryable, keyId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from processes
    where ${keyId} <> all(key_ids)
      and seen_at > now() - ${SILENT_AFTER_SECONDS} * interval '1 second'`.execute(db);
  return rows[0]?.count ?? 0;
}
