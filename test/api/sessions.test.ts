import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomToken, tokenHash } from '../../api/http/random-token.ts';
import { addSession, findSessionUser } from '../../database/people/sessions.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

type Headers = Record<string, string>;
const asBrowser = (headers: Headers, method: string, path: string, body?: object) =>
  api.call(method, `/api/v1${path}`, { key: null, headers, ...(body && { body }) });

/** Another browser of a person. */
async function anotherBrowserOf(userId: string) {
  const token = randomToken();
  const idHash = tokenHash(token);
  await addSession(api.db, api.keys, { idHash, userId, providerSession: undefined, browser: 'Firefox' });
  return { idHash, headers: { cookie: `mailroom=${token}`, 'sec-fetch-site': 'same-origin' } };
}
const isSignedIn = async (headers: Headers) => (await asBrowser(headers, 'GET', '/me')).status === 200;
const eventsOf = async (userId: string, name: string) =>
  await api.db.selectFrom('events').selectAll().where('targetId', '=', userId).where('name', '=', name).execute();

describe("a person's sessions", () => {
  it('are listed with the one of the request marked, and end one by one, but never those of another person', async () => {
    const { userId, headers: here } = await api.browserOf('Agent', 'ada@contoso.example');
    const { headers: there } = await anotherBrowserOf(userId);
    const { headers: other } = await api.browserOf('Agent', 'grace@contoso.example');
    const { sessions } = (await asBrowser(here, 'GET', '/me/sessions')).json;
    expect(sessions.map((each: { isCurrent: boolean }) => each.isCurrent).sort()).toEqual([false, true]);
    const [another] = sessions.filter((each: { isCurrent: boolean }) => !each.isCurrent);
    expect(another).toMatchObject({ browser: 'Firefox', system: null, address: null });
    expect(JSON.stringify(sessions)).not.toMatch(/hash/i);

    const end = (headers: Headers) => asBrowser(headers, 'DELETE', `/me/sessions/${another.id}`);
    expect((await end(other)).json.reason).toBe('no-such-session');
    expect(await isSignedIn(there)).toBe(true);
    expect((await end(here)).status).toBe(204);
    expect([await isSignedIn(there), await isSignedIn(here)]).toEqual([false, true]);
    expect((await end(here)).json.reason).toBe('no-such-session');
    expect(await eventsOf(userId, 'user.sessions-ended')).toMatchObject([{ actor: `user:${userId}` }]);
  });

  it('end everywhere, with the one of the request or without it, also where both are asked for at once', async () => {
    const { userId, headers: here } = await api.browserOf('Agent', 'kim@contoso.example');
    const others = await Promise.all([1, 2, 3].map(() => anotherBrowserOf(userId)));
    const ended = await Promise.all([1, 2].map(() => asBrowser(here, 'DELETE', '/me/sessions?keepThis=true')));
    expect(ended.reduce((sum, { json }) => sum + json.ended, 0)).toBe(3);
    expect(await Promise.all(others.map(({ headers }) => isSignedIn(headers)))).toEqual([false, false, false]);
    const all = await asBrowser(here, 'DELETE', '/me/sessions');
    expect(all.json).toEqual({ ended: 1 });
    expect(String(all.headers['set-cookie'])).toContain('mailroom=;');
    expect(await isSignedIn(here)).toBe(false);
  });

  it('are ended by administrators, and by no one else', async () => {
    const { userId, headers } = await api.browserOf('Supervisor', 'lin@contoso.example');
    const path = `/api/v1/users/${userId}/sessions`;
    for (const method of ['GET', 'DELETE']) {
      expect((await api.call(method, path, { key: api.apiKeys.Supervisor })).json.reason).toBe('permission-missing');
    }
    expect((await api.call('GET', path)).json.sessions).toMatchObject([{ isCurrent: false }]);
    expect((await api.call('DELETE', path)).json).toEqual({ ended: 1 });
    expect(await isSignedIn(headers)).toBe(false);
    const missing = '/api/v1/users/01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11/sessions';
    for (const method of ['GET', 'DELETE']) expect((await api.call(method, missing)).json.reason).toBe('no-such-user');
  });

  it('do not exist for API keys', async () => {
    const key = api.apiKeys.Agent;
    expect((await api.call('GET', '/api/v1/me/sessions', { key })).json).toEqual({ sessions: [] });
    expect((await api.call('DELETE', '/api/v1/me/sessions', { key })).json).toEqual({ ended: 0 });
  });
});

describe('the limits of sessions', () => {
  const path = '/api/v1/session-limits';
  const aged = (idHash: Buffer, column: 'lastSeenAt' | 'createdAt', minutes: number) =>
    api.db
      .updateTable('sessions')
      .set({ [column]: new Date(Date.now() - minutes * 60_000) })
      .where('idHash', '=', idHash)
      .execute();

  it('are eight hours without use and a day at most until they are changed', async () => {
    expect((await api.call('GET', path)).json).toEqual({ idleMinutes: 480, absoluteMinutes: 1_440, version: 1 });
    expect((await api.call('GET', path, { key: api.apiKeys.Supervisor })).status).toBe(403);
  });

  it.each([
    [{ idleMinutes: 4, absoluteMinutes: 60 }, '/idleMinutes'],
    [{ idleMinutes: 61, absoluteMinutes: 60 }, '/idleMinutes'],
    [{ idleMinutes: 5, absoluteMinutes: 14 }, '/absoluteMinutes'],
    [{ idleMinutes: 5, absoluteMinutes: 43_201 }, '/absoluteMinutes'],
  ])('refuse %o', async (limits, wrong) => {
    const { status, json } = await api.call('PUT', path, { body: { ...limits, version: 1 } });
    expect([status, json.errors[0].path]).toEqual([422, wrong]);
  });

  it('hold at once for sessions from before, are listed no more, and are not saved over others', async () => {
    const { userId, headers } = await api.browserOf('Agent', 'joan@contoso.example');
    const [idle, old] = await Promise.all([anotherBrowserOf(userId), anotherBrowserOf(userId)]);
    await aged(idle.idHash, 'lastSeenAt', 11);
    await aged(old.idHash, 'createdAt', 61);
    const signedIn = async () =>
      await Promise.all([idle, old].map(({ idHash }) => findSessionUser(api.db, idHash, { isUse: false })));
    expect((await signedIn()).filter(Boolean)).toHaveLength(2);
    const saves = await Promise.all(
      [10, 9].map((idleMinutes) => api.call('PUT', path, { body: { idleMinutes, absoluteMinutes: 60, version: 1 } })),
    );
    expect(saves.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await signedIn()).toEqual([undefined, undefined]);
    expect((await asBrowser(headers, 'GET', '/me/sessions')).json.sessions).toHaveLength(1);
  });

  it('count no request that a page makes of its own accord', async () => {
    const { userId } = await api.browserOf('Agent', 'mary@contoso.example');
    const { idHash, headers } = await anotherBrowserOf(userId);
    await aged(idHash, 'lastSeenAt', 3);
    const lastUsed = async () =>
      (await api.db.selectFrom('sessions').select('lastSeenAt').where('idHash', '=', idHash).executeTakeFirst())
        ?.lastSeenAt;
    const before = await lastUsed();
    expect(await isSignedIn({ ...headers, 'mailroom-unattended': '1' })).toBe(true);
    expect(await lastUsed()).toEqual(before);
    expect(await isSignedIn(headers)).toBe(true);
    expect(await lastUsed()).not.toEqual(before);
  });
});
