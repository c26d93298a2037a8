import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomToken, tokenHash } from '../../api/http/random-token.ts';
import { takeExpiryWarnings } from '../../database/accounts/expiry-warnings.ts';
import { findSettings, recordSettingsFault } from '../../database/accounts/settings.ts';
import { addApiKey } from '../../database/people/api-keys.ts';
import { addSession } from '../../database/people/sessions.ts';
import { addUser } from '../../database/people/users.ts';
import { microsoftCloud } from '../../graph/cloud.ts';
import { createSignIn } from '../../graph/entra/sign-in.ts';
import { aKeyRing } from '../support/builders.ts';
import { startTestApi } from './test-api.ts';
import { simulatedSettings, startTestStack, type TestStack } from './test-stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const settings = '/api/v1/email/settings';
const get = async () => (await stack.call('GET', settings)).json;
const put = (body: object) => stack.call('PUT', settings, { body });
const check = async (body?: object) => await stack.call('POST', `${settings}/check`, { ...(body && { body }) });
const otherGuid = '99999999-9999-4999-8999-999999999999';

describe('the global properties', () => {
  it('tell what to register before anything is entered', async () => {
    expect(await get()).toMatchObject({
      configured: false,
      clientSecret: { set: false, setAt: null, endsWith: null },
      redirectUri: 'http://localhost:3000/api/v1/email/sign-in/callback',
      permissions: [
        { name: 'User.Read' },
        { name: 'Mail.Read' },
        { name: 'Mail.Read.Shared', why: expect.stringContaining('Requested only from people') },
        { name: 'offline_access' },
      ],
      adminConsentUrl: null,
      version: 0,
    });
    const { json } = await check();
    expect(json.works).toBe(false);
    expect(json.findings[0].message).toContain('missing');
  });

  it('need the secret at first', async () => {
    const { clientSecret: _, ...withoutSecret } = simulatedSettings;
    const { status, json } = await put(withoutSecret);
    expect([status, json.errors]).toEqual([422, [{ path: '/clientSecret', detail: 'is missing', reason: 'missing' }]]);
    expect((await get()).configured).toBe(false);
  });

  it('are saved, and the secret is never answered, logged, nor stored in clear', async () => {
    const { status, json, text } = await put({ ...simulatedSettings, version: 0 });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      configured: true,
      tenantId: simulatedSettings.tenantId,
      clientSecret: { set: true, endsWith: simulatedSettings.clientSecret.slice(-4) },
      version: 1,
      fault: null,
    });
    expect(json.adminConsentUrl).toContain(`/${simulatedSettings.tenantId}/v2.0/adminconsent`);
    expect(json.adminConsentUrl).toContain('Mail.Read.Shared');
    expect(text).not.toContain(simulatedSettings.clientSecret);
    expect(stack.log()).not.toContain(simulatedSettings.clientSecret);
    expect(JSON.stringify(await stack.db.selectFrom('settings').selectAll().execute())).not.toContain(
      simulatedSettings.clientSecret,
    );
    expect(await findSettings(stack.db, stack.keys)).toEqual(simulatedSettings);
  });

  it('keep the secret when none is given, but only for the tenant and client that it belongs to', async () => {
    const { clientSecret: _, ...withoutSecret } = simulatedSettings;
    expect((await put(withoutSecret)).json).toMatchObject({ version: 2, clientSecret: { set: true } });
    expect((await findSettings(stack.db, stack.keys))?.clientSecret).toBe(simulatedSettings.clientSecret);
    expect((await put({ ...withoutSecret, clientId: otherGuid })).status).toBe(422);
    expect((await put({ ...withoutSecret, tenantId: 'fabrikam.example' })).status).toBe(422);
    expect((await get()).version).toBe(2);
  });

  it("are not saved over somebody else's change", async () => {
    const { json } = await put({ ...simulatedSettings, version: 1 });
    expect(json).toMatchObject({ status: 409, type: 'urn:mailroom:problem:other-version' });
    expect(json.facts).toEqual({ by: expect.stringContaining('key of'), at: expect.stringMatching(/^20.*Z$/) });
    const answers = await Promise.all([1, 2, 3].map(() => put({ ...simulatedSettings, version: 2 })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it.each([
    [{ tenantId: 'common' }, '/tenantId'],
    [{ tenantId: 'not a tenant' }, '/tenantId'],
    [{ tenantId: 'http://evil.example' }, '/tenantId'],
    [{ clientId: 'Mailroom' }, '/clientId'],
    [{ clientSecret: '' }, '/clientSecret'],
  ])('are not %j', async (wrong, path) => {
    const { status, json } = await put({ ...simulatedSettings, ...wrong });
    expect([status, json.errors[0].path]).toEqual([422, path]);
  });

  it.each([
    ['tiny', null],
    ['not so short', 'rt'],
  ])('show nothing much of a secret as short as %j', async (clientSecret, endsWith) => {
    expect((await put({ ...simulatedSettings, clientSecret, force: true })).json.clientSecret).toMatchObject({
      set: true,
      endsWith,
    });
    await put(simulatedSettings);
  });

  it('say when the secret ends, keep the one before beside a new one, and delete it on request', async () => {
    const read = () => findSettings(stack.db, stack.keys);
    await put({ ...simulatedSettings, keepPrevious: false });
    const soon = new Date(Date.now() + 9.5 * 86_400_000).toISOString();
    const { clientSecret, ...ids } = simulatedSettings;
    expect((await put({ ...ids, clientSecretExpiresAt: soon })).json.clientSecret).toMatchObject({
      expiresAt: soon,
      daysLeft: 10,
      previousUntil: null,
    });
    // The same secret again is no new one, and its end stays.
    expect((await put(ids)).json.clientSecret).toMatchObject({ daysLeft: 10, previousUntil: null });
    const next = await put({ ...ids, clientSecret: 'another secret', force: true });
    expect(next.json.clientSecret).toMatchObject({
      expiresAt: null,
      daysLeft: null,
      previousUntil: expect.any(String),
    });
    expect(await read()).toMatchObject({ clientSecret: 'another secret', previousSecret: clientSecret });
    expect((await put({ ...ids, force: true })).json.clientSecret.previousUntil).not.toBe(null);
    const [row] = await stack.db.selectFrom('settings').selectAll().execute();
    expect(JSON.stringify(row)).not.toContain(clientSecret);

    await stack.db
      .updateTable('settings')
      .set({ previousClientSecretUntil: new Date(Date.now() - 1) })
      .execute();
    expect(await read()).not.toHaveProperty('previousSecret');
    await put({ ...simulatedSettings, keepPrevious: false });
    expect((await get()).clientSecret.previousUntil).toBe(null);
  });

  it('are warned of before the secret ends, at 30, 14, 7 and 1 days, once for all processes', async () => {
    const { clientSecret: _, ...ids } = simulatedSettings;
    const endsIn = async (days: number) => {
      await put({ ...ids, clientSecretExpiresAt: new Date(Date.now() + days * 86_400_000).toISOString() });
      const taken = await Promise.all([takeExpiryWarnings(stack.db), takeExpiryWarnings(stack.db)]);
      return taken.flat().map((warning) => warning.days);
    };
    const passing = async (days: number) => {
      const clientSecretExpiresAt = new Date(Date.now() + days * 86_400_000);
      await stack.db.updateTable('settings').set({ clientSecretExpiresAt }).execute();
      return (await takeExpiryWarnings(stack.db)).map((warning) => warning.days);
    };
    expect(await endsIn(40)).toEqual([]);
    expect([await passing(29.9), await passing(20)]).toEqual([[30], []]);
    expect([await passing(13), await passing(6), await passing(0.5), await passing(-1)]).toEqual([[14], [7], [1], []]);
    expect(await endsIn(3)).toEqual([7]);
    expect(await passing(400)).toEqual([]);

    const key = { name: 'ends soon', profile: 'Agent', keyHash: randomBytes(32), hint: 'abcd' } as const;
    await addApiKey(stack.db, 'cli', { ...key, expiresAt: new Date(Date.now() + 5 * 86_400_000) });
    expect(await takeExpiryWarnings(stack.db)).toMatchObject([{ what: 'api-key', days: 7 }]);
    expect(await takeExpiryWarnings(stack.db)).toEqual([]);
  });

  it('show the fault that Microsoft finds, in words, until they are saved anew or the check succeeds', async () => {
    await recordSettingsFault(stack.db, { reason: 'secret-expired', code: 'AADSTS7000222' });
    const { fault } = await get();
    expect(fault).toMatchObject({ reason: 'secret-expired', code: 'AADSTS7000222' });
    expect(fault.words).toContain('The client secret has expired.');
    expect((await put(simulatedSettings)).json.fault).toBe(null);
    await recordSettingsFault(stack.db, { reason: 'secret-wrong' });
    expect((await check()).json).toMatchObject({ works: true });
    expect((await get()).fault).toBe(null);
  });
});

describe('values that do not work', () => {
  it('are not saved, say what Microsoft has against them, and leave those of before', async () => {
    await put(simulatedSettings);
    const { version } = await get();
    const { status, json } = await put({ ...simulatedSettings, clientSecret: 'wrong' });
    expect([status, json.reason]).toEqual([422, 'settings-do-not-work']);
    expect(json.facts).toMatchObject({ finding: 'secret-wrong', field: 'clientSecret' });
    expect(json.detail).toMatch(/does not accept the client secret.*Nothing was saved.*"force": true/);
    expect((await put({ ...simulatedSettings, clientId: otherGuid })).json.facts.finding).toBe('app-not-found');
    expect((await get()).version).toBe(version);
    expect(await findSettings(stack.db, stack.keys)).toEqual(simulatedSettings);
  });

  it('are saved when that is wanted all the same', async () => {
    expect((await put({ ...simulatedSettings, clientSecret: 'wrong', force: true })).status).toBe(200);
    expect((await findSettings(stack.db, stack.keys))?.clientSecret).toBe('wrong');
    expect((await put(simulatedSettings)).status).toBe(200);
  });

  it('of another version are refused for that, before Microsoft is asked', async () => {
    expect((await put({ ...simulatedSettings, clientSecret: 'wrong', version: 0 })).json.reason).toBe(
      'settings-changed',
    );
  });

  it('are not told from others while Microsoft cannot be asked: nothing is saved without a word', async () => {
    const apart = await startTestApi({ db: stack.db, keys: stack.keys, withoutKeys: true });
    try {
      const save = (body: object) => apart.call('PUT', settings, { key: stack.apiKeys.Admin, body });
      const { version } = await get();
      const { status, json } = await save(simulatedSettings);
      expect([status, json.reason, json.facts.finding]).toEqual([503, 'settings-unchecked', 'login-unreachable']);
      expect((await get()).version).toBe(version);
      expect((await save({ ...simulatedSettings, force: true })).status).toBe(200);
    } finally {
      await apart.stop();
    }
  });
});

describe('the check', () => {
  it('tries what is stored', async () => {
    expect((await check()).json).toMatchObject({ works: true, findings: [{ code: 'settings-work', severity: 'ok' }] });
  });

  it('tries what is typed, and tells what is wrong with it', async () => {
    const wrongSecret = await check({ ...simulatedSettings, clientSecret: 'wrong' });
    expect(wrongSecret.json).toMatchObject({
      works: false,
      findings: [{ code: 'secret-wrong', field: 'clientSecret' }],
    });
    const wrongClient = await check({ ...simulatedSettings, clientId: otherGuid });
    expect(wrongClient.json.findings[0]).toMatchObject({ code: 'app-not-found', field: 'clientId' });
    expect((await check({ clientSecret: 'wrong' })).json.works).toBe(false);
  });

  it('never sends the stored secret along with a tenant or client that was just typed', async () => {
    for (const typed of [{ tenantId: 'evil.example' }, { clientId: otherGuid }]) {
      expect((await check(typed)).json).toMatchObject({ status: 422, errors: [{ path: '/clientSecret' }] });
    }
  });
});

describe('a check that Microsoft never answers', () => {
  it('ends in words, and as nothing that is wrong with the settings', async () => {
    // Takes connections and never answers.
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const cloud = microsoftCloud('simulator', `http://127.0.0.1:${port}`);
    const impatient = await startTestApi({
      signIn: createSignIn(cloud, { checkWithinMs: 100 }),
      db: stack.db,
      keys: stack.keys,
      withoutKeys: true,
    });
    try {
      const { status, json } = await impatient.call('POST', `${settings}/check`, {
        key: stack.apiKeys.Admin,
        body: simulatedSettings,
      });
      expect([status, json.type]).toEqual([503, 'urn:mailroom:problem:unavailable']);
      expect(json.detail).toMatch(/Microsoft/);
    } finally {
      await impatient.stop();
      silent.closeAllConnections();
      silent.close();
    }
  });
});

describe('an encryption key that is gone', () => {
  it('is named where a secret is needed, and ends when the secret is entered again', async () => {
    await put(simulatedSettings);
    const rotated = await startTestApi({ db: stack.db, keys: aKeyRing(), withoutKeys: true });
    try {
      const key = stack.apiKeys.Admin;
      const add = () =>
        rotated.call('POST', '/api/v1/email/accounts', { key, body: { address: 'rotated@contoso.example' } });
      const refused = await add();
      expect([refused.status, refused.json.detail]).toEqual([503, expect.stringContaining('ENCRYPTION_KEYS')]);
      expect(await stack.db.selectFrom('accounts').select('id').execute()).toEqual([]);

      expect((await rotated.call('PUT', settings, { key, body: { ...simulatedSettings, force: true } })).status).toBe(
        200,
      );
      // Temporal is away from this API: the secret is no hindrance any more.
      expect((await add()).json.detail).toContain('Temporal');
    } finally {
      await rotated.stop();
      await put(simulatedSettings);
    }
  });

  it('keeps nobody from signing out', async () => {
    const userId = await addUser(stack.db, 'cli', { email: 'left@contoso.example', displayName: '', profile: 'Admin' });
    const token = randomToken();
    await addSession(stack.db, aKeyRing(), { idHash: tokenHash(token), userId, providerSession: 'an id token' });
    const headers = { cookie: `mailroom=${token}`, 'sec-fetch-site': 'same-origin' };
    expect((await stack.call('POST', '/auth/sign-out', { key: null, headers })).status).toBe(200);
    expect((await stack.call('GET', '/api/v1/me', { key: null, headers })).status).toBe(401);
  });
});
