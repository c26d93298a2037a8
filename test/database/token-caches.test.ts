import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../database/database.ts';
import { findTokenCache, putTokenCache, replaceTokenCache } from '../../database/sign-in/token-caches.ts';
import { aKeyRing, anAccount } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const keys = aKeyRing();
let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 5, applicationName: 'test' });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

async function aSignedInAccount(): Promise<string> {
  const id = await anAccount(db);
  await putTokenCache(db, keys, id, 'of the sign-in');
  return id;
}
const read = (id: string) => findTokenCache(db, keys, id);
/** What a process does that read the tokens at this version and has renewed them. */
const refresh = (id: string, cache: string, version: number) => replaceTokenCache(db, keys, id, cache, version);

describe('tokens that are renewed', () => {
  it('replace the ones that they were made of', async () => {
    const id = await aSignedInAccount();
    expect(await refresh(id, 'newer', 1)).toBe(true);
    expect(await read(id)).toMatchObject({ cache: 'newer', version: 2 });
    expect(await refresh(id, 'newest', 2)).toBe(true);
    expect(await read(id)).toMatchObject({ cache: 'newest', version: 3 });
  });

  it('do not replace newer ones, however late they are stored', async () => {
    const id = await aSignedInAccount();
    await refresh(id, 'newer', 1);
    expect(await refresh(id, 'of a process that stood still', 1)).toBe(false);
    expect(await read(id)).toMatchObject({ cache: 'newer', version: 2 });
  });

  it('are those of one process where many renew at once, and each process learns whose', async () => {
    const id = await aSignedInAccount();
    const names = Array.from({ length: 10 }, (_, n) => `of process ${n}`);
    const stored = await Promise.all(names.map((name) => refresh(id, name, 1)));
    const winner = names[stored.indexOf(true)];
    expect(stored.filter(Boolean)).toHaveLength(1);
    expect(await read(id)).toMatchObject({ cache: winner, version: 2 });
  });

  it('wait for a renewal that is being stored, and then give way to it', async () => {
    const id = await aSignedInAccount();
    let late: Promise<boolean> | undefined;
    await db.transaction().execute(async (trx) => {
      await replaceTokenCache(trx, keys, id, 'first', 1);
      late = refresh(id, 'second', 1);
    });
    expect(await late).toBe(false);
    expect(await read(id)).toMatchObject({ cache: 'first', version: 2 });
  });

  it('do not replace those of a sign-in that came since', async () => {
    const id = await aSignedInAccount();
    await putTokenCache(db, keys, id, 'of the second sign-in');
    expect(await refresh(id, 'of the first sign-in', 1)).toBe(false);
    expect(await read(id)).toMatchObject({ cache: 'of the second sign-in', version: 2 });
  });

  it('are not stored for an account that was removed', async () => {
    const id = await aSignedInAccount();
    await db.deleteFrom('tokenCaches').where('accountId', '=', id).execute();
    expect(await refresh(id, 'too late', 1)).toBe(false);
    expect(await read(id)).toBeUndefined();
  });

  it('cannot be taken for those of another account', async () => {
    const [id, other] = [await aSignedInAccount(), await aSignedInAccount()];
    const { cache } = await db
      .selectFrom('tokenCaches')
      .select('cache')
      .where('accountId', '=', id)
      .executeTakeFirstOrThrow();
    await db.updateTable('tokenCaches').set({ cache }).where('accountId', '=', other).execute();
    await expect(read(other)).rejects.toThrow();
  });
});
