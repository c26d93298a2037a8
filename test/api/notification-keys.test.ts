import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { putTokenCache } from '../../database/sign-in/token-caches.ts';
import { createClientState } from '../../encryption/client-state.ts';
import { createKeyRing } from '../../encryption/key-ring.ts';
import { anAccount } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

const aKey = (id: string) => ({ id, key: createSecretKey(randomBytes(32)) });
const [kept, missing, strange] = [aKey('kept'), aKey('missing'), aKey('strange')];

/** It holds all keys of the installation. */
let whole: TestApi;
beforeAll(async () => {
  whole = await startTestApi({ keys: createKeyRing([kept, missing]) });
});
afterAll(() => whole.stop());

/** Posts a notification as Microsoft does, of a subscription that was made with this key. */
async function notify(api: TestApi, accountId: string, key: typeof kept) {
  const clientState = createClientState(createKeyRing([key]), accountId);
  const body = { value: [{ clientState, subscriptionId: 'x' }] };
  return await api.call('POST', '/graph/notifications', { key: null, body });
}

async function aWatchedAccount() {
  const id = await anAccount(whole.db);
  await whole.db
    .insertInto('watches')
    .values({ accountId: id, dueAt: new Date(Date.now() + 3_600_000) })
    .execute();
  const isRung = async () => {
    const { rungAt } = await whole.db
      .selectFrom('watches')
      .select('rungAt')
      .where('accountId', '=', id)
      .executeTakeFirstOrThrow();
    return rungAt !== null;
  };
  return { id, isRung };
}

it('a notification that needs a missing key is answered with 503, and counts when it comes again to who has it', async () => {
  const { id, isRung } = await aWatchedAccount();
  await putTokenCache(whole.db, createKeyRing([missing]), id, 'tokens');
  const poor = await startTestApi({ db: whole.db, keys: createKeyRing([kept]), withoutKeys: true });
  try {
    const { status, json } = await notify(poor, id, missing);
    expect([status, json.reason]).toEqual([503, 'key-missing']);
    expect(await isRung()).toBe(false);
    expect((await notify(whole, id, missing)).status).toBe(202);
    expect(await isRung()).toBe(true);

    // Others are not kept out by that.
    const other = await aWatchedAccount();
    expect((await notify(poor, other.id, kept)).status).toBe(202);
    expect(await other.isRung()).toBe(true);
  } finally {
    await poor.stop();
  }
});

it('a notification by a key that nothing of ours needs is a forged one, and does nothing', async () => {
  const { id, isRung } = await aWatchedAccount();
  expect((await notify(whole, id, strange)).status).toBe(202);
  expect(await isRung()).toBe(false);
});
