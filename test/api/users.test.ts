import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureFirstAdministrator } from '../../database/people/users.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const users = '/api/v1/users';
const add = async (email: string, profile: string) =>
  (await api.call('POST', users, { body: { email, profile } })).json as { id: string };

describe('the first administrator', () => {
  it('is made where no enabled one exists, also out of a user who is there, once, by many processes', async () => {
    const made = await Promise.all([1, 2, 3].map(() => ensureFirstAdministrator(api.db, 'first@contoso.example')));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect((await api.call('GET', users)).json.users).toMatchObject([
      { email: 'first@contoso.example', profile: 'Admin', enabled: true, bound: false },
    ]);
    expect(await ensureFirstAdministrator(api.db, 'second@contoso.example')).toBe(false);
  });

  it('cannot be removed, disabled or demoted while there is no other', async () => {
    const [{ id }] = (await api.call('GET', users)).json.users;
    for (const [method, body] of [
      ['DELETE', undefined],
      ['PATCH', { enabled: false }],
      ['PATCH', { profile: 'Supervisor' }],
    ] as const) {
      const { json } = await api.call(method, `${users}/${id}`, { ...(body && { body }) });
      expect(json).toMatchObject({ status: 409, type: 'urn:mailroom:problem:last-administrator' });
    }
    expect((await api.call('GET', `${users}/${id}`)).json).toMatchObject({ profile: 'Admin', enabled: true });
  });

  it('stays one, however two administrators go at each other at the same time', async () => {
    const { id } = await add('other@contoso.example', 'Admin');
    const [first] = (await api.call('GET', users)).json.users;
    for (let round = 0; round < 10; round++) {
      const demote = (who: string) => api.call('PATCH', `${users}/${who}`, { body: { profile: 'Agent' } });
      const answers = await Promise.all([demote(id), demote(first.id)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      await Promise.all(
        [id, first.id].map((who) => api.call('PATCH', `${users}/${who}`, { body: { profile: 'Admin' } })),
      );
    }
  });
});

describe('the last administrator who has ever signed in', () => {
  const signIn = (id: string) =>
    api.db.updateTable('users').set({ issuer: 'https://login.example', subject: id }).where('id', '=', id).execute();

  it('cannot be removed, disabled, demoted or made another person while the others never did', async () => {
    const { id } = await add('proved@contoso.example', 'Admin');
    const { id: never } = await add('never@contoso.example', 'Admin');
    await signIn(id);
    for (const [method, body] of [
      ['DELETE', undefined],
      ['PATCH', { enabled: false }],
      ['PATCH', { profile: 'Supervisor' }],
      ['PATCH', { email: 'somebody-else@contoso.example' }],
    ] as const) {
      const { json } = await api.call(method, `${users}/${id}`, { ...(body && { body }) });
      expect(json).toMatchObject({
        status: 409,
        type: 'urn:mailroom:problem:last-administrator',
        reason: 'last-signed-in-administrator',
        detail: expect.stringContaining('Let one of them sign in first'),
      });
    }
    expect((await api.call('GET', `${users}/${id}`)).json).toMatchObject({
      email: 'proved@contoso.example',
      profile: 'Admin',
      enabled: true,
      bound: true,
    });
    // An agent who signed in is no administrator.
    await signIn((await add('agent-who-signs-in@contoso.example', 'Agent')).id);
    expect((await api.call('DELETE', `${users}/${id}`)).status).toBe(409);

    await signIn(never);
    expect((await api.call('DELETE', `${users}/${id}`)).status).toBe(204);
    await api.db.updateTable('users').set({ issuer: null, subject: null }).execute();
  });
});

describe('users', () => {
  it.each([
    ['the Kelvin sign', '\u212Aate@contoso.example'],
    ['a long s', 'ro\u017Fe@contoso.example'],
    ['an i without a dot', 'k\u0131m@contoso.example'],
    ['an I with a dot', 'K\u0130M@contoso.example'],
    ['full-width letters', '\uFF4Bate@contoso.example'],
  ])('are not made of an address that looks like another: %s', async (_what, email) => {
    const { json } = await api.call('POST', users, { body: { email, profile: 'Admin' } });
    expect(json).toMatchObject({ status: 422, errors: [{ path: '/email', reason: 'no-email-address' }] });
  });

  it('are added with an address in lower case, once', async () => {
    const { status, json, headers } = await api.call('POST', users, {
      body: { email: 'Ada@Contoso.example', displayName: 'Ada', profile: 'Supervisor' },
    });
    expect(status).toBe(201);
    expect(headers.location).toBe(`${users}/${json.id}`);
    expect(json).toMatchObject({ email: 'ada@contoso.example', enabled: true, bound: false, lastSignedInAt: null });
    const again = await api.call('POST', users, { body: { email: 'ADA@contoso.example', profile: 'Agent' } });
    expect(again.json).toMatchObject({ status: 409, detail: expect.stringContaining('exists already') });
  });

  it.each([
    [{ email: 'x@contoso.example', profile: 'Boss' }, 422],
    [{ email: 'x', profile: 'Admin' }, 422],
    [{ email: 'x@contoso.example' }, 422],
    [{ email: 'x@contoso.example', profile: 'Admin', subject: 'mine' }, 400],
    [{ email: 'x@contoso.example', profile: 'Admin', enabled: true }, 400],
  ])('are not made of %j', async (body, status) => {
    expect((await api.call('POST', users, { body })).status).toBe(status);
  });

  it('cannot remove themselves', async () => {
    const { userId, headers } = await api.browserOf('Admin', 'self@contoso.example');
    const { json } = await api.call('DELETE', `${users}/${userId}`, { key: null, headers });
    expect(json).toMatchObject({ status: 409, detail: expect.stringContaining('cannot remove yourself') });
  });
});

describe('a session', () => {
  it('tells who one is and what one may do', async () => {
    const { userId, headers } = await api.browserOf('Agent', 'agent@contoso.example');
    expect((await api.call('GET', '/api/v1/me', { key: null, headers })).json).toEqual({
      kind: 'user',
      allQueues: true,
      id: userId,
      name: 'agent@contoso.example',
      displayName: '',
      profile: 'Agent',
      permissions: ['health.read', 'queues.read', 'items.read', 'items.work', 'items.answer'],
    });
  });

  it('ends at once when its user is disabled, and when the user is removed', async () => {
    for (const [method, body] of [
      ['PATCH', { enabled: false }],
      ['DELETE', undefined],
    ] as const) {
      const { userId, headers } = await api.browserOf('Admin', `${method.toLowerCase()}@contoso.example`);
      const me = () => api.call('GET', '/api/v1/me', { key: null, headers });
      expect((await me()).status).toBe(200);
      await api.call(method, `${users}/${userId}`, { ...(body && { body }) });
      expect((await me()).status).toBe(401);
      if (method === 'PATCH') await api.call('PATCH', `${users}/${userId}`, { body: { enabled: true } });
      expect((await me()).status).toBe(401);
    }
  });

  it('ends when it was idle for eight hours, and after a day however busy', async () => {
    const hour = 3_600_000;
    for (const [idleHours, expiresInHours, status] of [
      [7.9, 1, 200],
      [8.1, 1, 401],
      [0, -0.1, 401],
    ] as const) {
      const { userId, headers } = await api.browserOf('Agent', `idle-${idleHours}@contoso.example`);
      await api.db
        .updateTable('sessions')
        .set({
          lastSeenAt: new Date(Date.now() - idleHours * hour),
          expiresAt: new Date(Date.now() + expiresInHours * hour),
        })
        .where('userId', '=', userId)
        .execute();
      expect((await api.call('GET', '/api/v1/me', { key: null, headers })).status).toBe(status);
    }
  });

  it('changes something only for pages of Mailroom', async () => {
    const { headers } = await api.browserOf('Admin', 'csrf@contoso.example');
    const { cookie } = headers;
    const post = async (more: Record<string, string>) =>
      (
        await api.call('POST', '/api/v1/queues', {
          key: null,
          headers: { cookie, ...more },
          body: { name: `q ${Math.random()}` },
        })
      ).status;
    expect(await post({ 'sec-fetch-site': 'same-origin' })).toBe(201);
    expect(await post({ 'sec-fetch-site': 'same-origin', origin: 'http://localhost:3000' })).toBe(201);
    expect(await post({ origin: 'http://localhost:3000' })).toBe(201);
    for (const refused of [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' },
      { 'sec-fetch-site': 'none' },
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:3000.evil.example' },
    ]) {
      expect([refused, await post(refused)]).toEqual([refused, 403]);
    }
    const read = await api.call('GET', '/api/v1/queues', {
      key: null,
      headers: { cookie, 'sec-fetch-site': 'cross-site' },
    });
    expect(read.status).toBe(200);
  });

  it('is stored as a hash only', async () => {
    const { headers } = await api.browserOf('Agent', 'hash@contoso.example');
    const rows = JSON.stringify(await api.db.selectFrom('sessions').selectAll().execute());
    expect(rows).not.toContain(headers.cookie.split('=')[1]);
  });
});

describe('an API key', () => {
  it.each(['mailroom_x', 'Bearer', 'ghp_000000', `mailroom_${'0'.repeat(33)}_000000`, ''])('is not %j', async (key) => {
    const { status, headers } = await api.call('GET', '/api/v1/me', { key });
    expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer realm="Mailroom", error="invalid_token"']);
  });

  it('is not looked for in the address, and never falls back to the cookie', async () => {
    expect((await api.call('GET', `/api/v1/me?key=${api.apiKeys.Admin}`, { key: null })).status).toBe(401);
    const { headers } = await api.browserOf('Admin', 'both@contoso.example');
    expect((await api.call('GET', '/api/v1/me', { key: 'nonsense', headers })).status).toBe(401);
  });

  it('works from any client, and ends when it is revoked', async () => {
    const { revokeApiKey } = await import('../../database/people/api-keys.ts');
    const key = await api.keyFor('Agent', 'short-lived');
    expect((await api.call('GET', '/api/v1/me', { key })).json).toMatchObject({ kind: 'key', name: 'short-lived' });
    await revokeApiKey(api.db, 'cli', { name: 'short-lived' });
    expect((await api.call('GET', '/api/v1/me', { key })).status).toBe(401);
  });

  it('that is guessed again and again is slowed down, while good ones go on', async () => {
    const statuses = new Set<number>();
    for (let attempt = 0; attempt < 40; attempt++) {
      statuses.add((await api.call('GET', '/api/v1/me', { key: `mailroom_guess${attempt}` })).status);
    }
    expect([...statuses]).toEqual([401, 429]);
    expect((await api.call('GET', '/api/v1/me')).status).toBe(200);
  });
});
