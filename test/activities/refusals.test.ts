import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { requireSignIn } from '../../database/account-life.ts';
import { findAccount } from '../../database/account-reads.ts';
import { findSettingsView, saveSettings } from '../../database/settings.ts';
import { refuseSettings } from '../../database/settings-refusal.ts';
import { completeSignIn } from '../../database/sign-ins.ts';
import { findTokenCache } from '../../database/token-caches.ts';
import { simulatorSettings } from '../graph/simulated-sign-in.ts';
import { type Reader, startReader } from './reader.ts';

let reader: Reader;

beforeAll(async () => {
  reader = await startReader();
});
afterEach(async () => {
  await reader.control.call('PATCH', '/tokens/settings', { accessTokenLifetimeSeconds: 3_600 });
  await save(simulatorSettings.clientSecret);
});
afterAll(() => reader.stop());

const save = (clientSecret: string) =>
  saveSettings(reader.db, reader.dependencies.keys, 'cli', { ...simulatorSettings, clientSecret });
const now = async () => {
  const { rows } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(reader.db);
  return rows[0]?.at ?? expect.fail('no time');
};
/** Seconds until the account is looked at. */
const dueIn = async (id: string) => {
  const row = await reader.db
    .selectFrom('watches')
    .select(sql<number>`extract(epoch from due_at - clock_timestamp())::float8`.as('seconds'))
    .where('accountId', '=', id)
    .executeTakeFirstOrThrow();
  return row.seconds;
};

describe('settings that Microsoft refuses', () => {
  it('end the drain without a failure: the account waits, and is due at once when others are saved', async () => {
    // Tokens that are nearly over are renewed at each drain, and renewing needs the secret.
    await reader.control.call('PATCH', '/tokens/settings', { accessTokenLifetimeSeconds: 60 });
    const { id, address } = await reader.connect();
    await reader.deliver(address, 'waits');
    await save('not the right one at all');
    await sql`update settings set updated_at = now() - interval '1 minute'`.execute(reader.db);
    expect(await reader.drain(id)).toMatchObject({ captured: 0, hasMore: false });
    expect(await findAccount(reader.db, id)).toMatchObject({ conditionType: 'SettingsRejected', signIn: 'done' });
    expect((await findSettingsView(reader.db))?.fault).toMatchObject({ reason: 'secret-wrong' });
    expect(await dueIn(id)).toBeGreaterThan(30);

    await save(simulatorSettings.clientSecret);
    expect(await dueIn(id)).toBeLessThanOrEqual(0);
    expect(await reader.drain(id)).toMatchObject({ captured: 1 });
    expect(await findAccount(reader.db, id)).toMatchObject({ conditionType: null });
  });

  it('are no fault any more when others were saved while they were tried', async () => {
    const { id } = await reader.connect();
    const startedAt = await now();
    await save(simulatorSettings.clientSecret);
    await refuseSettings(reader.db, { accountId: id, startedAt, reason: 'secret-wrong', code: 'AADSTS7000215' });
    expect((await findSettingsView(reader.db))?.fault).toBeUndefined();
    expect(await findAccount(reader.db, id)).toMatchObject({ conditionType: null });
    expect(await dueIn(id)).toBeLessThanOrEqual(0);
  });
});

describe('a sign-in that Microsoft refuses', () => {
  const signInNumberOf = async (id: string) =>
    (await reader.db.selectFrom('accounts').select('signInNumber').where('id', '=', id).executeTakeFirstOrThrow())
      .signInNumber;

  /** Signs in again, with the same tokens. */
  async function signInAgain(accountId: string): Promise<void> {
    const { db, dependencies } = reader;
    const { cache = '' } = (await findTokenCache(db, dependencies.keys, accountId)) ?? {};
    const identity = { tenantId: 'x', objectId: 'x', username: 'x', displayName: 'x' };
    const { address, inboxId } = await reader.db
      .selectFrom('accounts')
      .select(['address', 'inboxId'])
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow();
    const account = { address, signInAs: null, inboxId, identityTenantId: null, identityObjectId: null };
    const attempt = { id: crypto.randomUUID(), accountId, signInAs: null, account };
    const signedIn = { tokenCache: cache, identity, address, inboxId: undefined, clockSkewMs: 0 };
    await completeSignIn(db, dependencies.keys, attempt, signedIn);
  }

  it('makes the account wait for a person', async () => {
    const { id } = await reader.connect();
    const signInNumber = await signInNumberOf(id);
    await requireSignIn(reader.db, { accountId: id, signInNumber }, 'sign-in-expired');
    expect(await findAccount(reader.db, id)).toMatchObject({ signIn: 'needed', signInReason: 'sign-in-expired' });
  });

  it('is no refusal of the one that came meanwhile, also when both are written at once', async () => {
    const { id } = await reader.connect();
    const signInNumber = await signInNumberOf(id);
    await Promise.all([
      signInAgain(id),
      ...Array.from({ length: 4 }, () => requireSignIn(reader.db, { accountId: id, signInNumber }, 'sign-in-expired')),
    ]);
    expect(await findAccount(reader.db, id)).toMatchObject({ signIn: 'done' });
    await requireSignIn(reader.db, { accountId: id, signInNumber }, 'sign-in-expired');
    expect(await findAccount(reader.db, id)).toMatchObject({ signIn: 'done' });
  });

  it('leaves no token of before in use after the next sign-in', async () => {
    const { id } = await reader.connect();
    const { tokens } = reader.dependencies;
    const before = { accountId: id, signInNumber: await signInNumberOf(id) };
    // Held, and nothing is asked of Entra.
    expect(await tokens.get(before)).toBe(await tokens.get(before));
    const refreshes = async () => (await reader.control.stats()).tokenRequests.total;
    const asked = await refreshes();
    await reader.db.updateTable('tokenCaches').set({ cache: 'not readable' }).where('accountId', '=', id).execute();
    expect(await tokens.get(before)).toBeTypeOf('string');
    await expect(tokens.get({ ...before, signInNumber: before.signInNumber + 1 })).rejects.toThrow();
    expect(await refreshes()).toBe(asked);
  });
});
