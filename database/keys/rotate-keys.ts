import { type RawBuilder, sql } from 'kysely';
import { DecryptionError, type KeyRing } from '../../encryption/key-ring.ts';
import type { Database } from '../database.ts';
import { type EncryptedPlace, encryptedPlaces } from './encrypted-places.ts';
import { keyIdOf } from './key-usage.ts';

/** What a rotation did in one place. */
export interface PlaceRotated {
  readonly words: string;
  readonly rewritten: number;
  /** Their key is not configured, or they were damaged: they stay as they are. */
  readonly unreadable: number;
}

/** Pieces of files have up to 256 kB, so that a batch has a few megabytes; other values have a few kilobytes. */
const BATCH = { text: 100, bytes: 16 };

/**
 * Encrypts again, with the newest key, every value that another one encrypted, place by place and batch by batch.
 * Safe beside writers: a value is replaced only if it is still the one that was read. Safe to end at any time: what was
 * rewritten is not found again. Only when every running process holds the newest key.
 */
export async function* rotateKeys(db: Database, keys: KeyRing): AsyncGenerator<PlaceRotated> {
  const newest = keys.keyIds[0] as string;
  for (const place of encryptedPlaces) {
    let rewritten = 0;
    let unreadable = 0;
    let after: readonly unknown[] | undefined;
    for (;;) {
      const batch: readonly Value[] = await readBatch(db, place, newest, after);
      for (const value of batch) {
        const outcome = await rewrite(db, keys, place, value);
        if (outcome === 'rewritten') rewritten += 1;
        if (outcome === 'unreadable') unreadable += 1;
      }
      const last = batch.at(-1);
      if (!last || batch.length < BATCH[place.form]) break;
      after = primaryKeyOf(place, last);
    }
    yield { words: place.words, rewritten, unreadable };
  }
}

interface Value {
  readonly first: unknown;
  readonly second: unknown;
  readonly keyId: string;
  readonly value: string | Buffer;
}

async function readBatch(
  db: Database,
  place: EncryptedPlace,
  newest: string,
  after: readonly unknown[] | undefined,
): Promise<readonly Value[]> {
  const { table, column, primaryKey, form } = place;
  const [first, second] = primaryKey;
  const columns = sql.join(primaryKey.map((name) => sql.ref(name)));
  const { rows } = await sql<Value>`
    select ${sql.ref(first)} as first, ${second === undefined ? sql`null` : sql.ref(second)} as second,
      ${keyIdOf(place)} as key_id, ${sql.ref(column)} as value
    from ${sql.table(table)}
    where ${sql.ref(column)} is not null and ${keyIdOf(place)} <> ${newest}
      ${after ? sql`and (${columns}) > (${sql.join(after)})` : sql``}
    order by ${columns} limit ${BATCH[form]}`.execute(db);
  return rows;
}

function primaryKeyOf({ primaryKey }: EncryptedPlace, { first, second }: Value): readonly unknown[] {
  return primaryKey.length === 1 ? [first] : [first, second];
}

async function rewrite(
  db: Database,
  keys: KeyRing,
  place: EncryptedPlace,
  row: Value,
): Promise<'rewritten' | 'unreadable' | 'changed-meanwhile'> {
  const { table, primaryKey } = place;
  const id = primaryKeyOf(place, row);
  let change: { readonly set: RawBuilder<unknown>; readonly unchanged: RawBuilder<unknown> };
  try {
    change = encryptAgain(keys, place, row, place.context(...id));
  } catch (error) {
    if (error instanceof DecryptionError) return 'unreadable';
    throw error;
  }
  const isThis = sql.join(
    primaryKey.map((name, index) => sql`${sql.ref(name)} = ${id[index]}`),
    sql` and `,
  );
  const { numAffectedRows } = await sql`
    update ${sql.table(table)} set ${change.set} where ${isThis} and ${change.unchanged}`.execute(db);
  return numAffectedRows === 0n ? 'changed-meanwhile' : 'rewritten';
}

function encryptAgain(keys: KeyRing, { column, form }: EncryptedPlace, { keyId, value }: Value, context: string) {
  const newest = keys.keyIds[0] as string;
  if (form === 'text') {
    const ciphertext = keys.encrypt(keys.decrypt(String(value), context), context, newest);
    return { set: sql`${sql.ref(column)} = ${ciphertext}`, unchanged: sql`${sql.ref(column)} = ${value}` };
  }
  const plain = keys.decryptBytes(keyId, value as Buffer, context);
  const { data } = keys.encryptBytes(plain, context, newest);
  return {
    set: sql`${sql.ref(column)} = ${Buffer.from(data)}, key_id = ${newest}`,
    // A piece is written once, and rewritten only here.
    unchanged: sql`key_id = ${keyId}`,
  };
}
