import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startForgedSignIns } from './forged-sign-in.ts';

const ID = '01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11';

let stack: Awaited<ReturnType<typeof startForgedSignIns>>;
beforeAll(async () => {
  stack = await startForgedSignIns();
  for (const name of ['ada', 'grace']) await stack.add(name, 'Admin');
});
afterAll(() => stack.stop());
beforeEach(() => save({ stepUpMinutes: 15 }));

const path = '/api/v1/sign-on-settings';
async function save(change: Record<string, unknown>, browser?: Record<string, string>) {
  const { version } = (await stack.api.call('GET', path)).json;
  const off = {
    claim: null,
    mappings: [],
    unmatchedProfile: null,
    addsPeople: false,
    stepUpMinutes: null,
    stepUpAcr: null,
  };
  const as = browser ? { key: null, headers: browser } : {};
  return await stack.api.call('PUT', path, { ...as, body: { ...off, version, ...change } });
}
const minutesAgo = (minutes: number) => Math.floor(Date.now() / 1_000) - minutes * 60;
const signIn = (authTime?: unknown, claims = {}) =>
  stack.signIn('ada', { claims: { ...(authTime !== undefined && { auth_time: authTime }), ...claims } });
const stepUp = (headers: Record<string, string>, authTime: unknown, { name = 'ada', claims = {}, query = '' } = {}) =>
  stack.signIn(name, { start: `/auth/step-up${query}`, headers, claims: { auth_time: authTime, ...claims } });
/** A change that asks for a recent sign-in, and changes nothing. */
const change = (headers: Record<string, string>) =>
  stack.api.call('PUT', '/api/v1/session-limits', {
    key: null,
    headers,
    body: { idleMinutes: 480, absoluteMinutes: 1_440, version: 0 },
  });
const isRefused = async (headers: Record<string, string>) =>
  (await change(headers)).json.reason === 'recent-sign-in-needed';

describe('a sign-in that is not recent', () => {
  it.each([
    ['PUT', '/email/settings'],
    ['PUT', '/email/settings/sending'],
    ['PUT', '/email/settings/allowed-addresses'],
    ['POST', '/users'],
    ['PATCH', `/users/${ID}`],
    ['DELETE', `/users/${ID}`],
    ['DELETE', `/users/${ID}/sessions`],
    ['POST', '/teams'],
    ['PATCH', `/teams/${ID}`],
    ['DELETE', `/teams/${ID}`],
    ['POST', '/api-keys'],
    ['DELETE', `/api-keys/${ID}`],
    ['PUT', '/session-limits'],
    ['PUT', '/sign-on-settings'],
    ['PUT', '/retention'],
    ['POST', '/holds'],
    ['POST', `/holds/${ID}/lift`],
    ['POST', '/erasures'],
  ])('is not enough for %s %s, which an API key may', async (method, url) => {
    const { browser } = await signIn(minutesAgo(16));
    const refused = await stack.api.call(method, `/api/v1${url}`, { key: null, headers: browser });
    expect([refused.status, refused.json.reason]).toEqual([403, 'recent-sign-in-needed']);
    expect((await stack.api.call(method, `/api/v1${url}`)).json?.reason).not.toBe('recent-sign-in-needed');
  });

  it('is enough to look, to work, to count what a change would delete, and for everything while it is off', async () => {
    const { browser } = await signIn(minutesAgo(16));
    const as = { key: null, headers: browser };
    for (const url of ['/users', '/teams', '/api-keys', '/retention', '/email/settings', '/sign-on-settings']) {
      expect((await stack.api.call('GET', `/api/v1${url}`, as)).status, url).toBe(200);
    }
    for (const url of ['/queues', '/retention/counts', '/canned-answers']) {
      const answer = await stack.api.call('POST', `/api/v1${url}`, { ...as, body: {} });
      expect([200, 400, 422], url).toContain(answer.status);
    }
    await save({});
    expect((await change(browser)).status).toBe(422);
  });

  it.each([
    ['is from before', minutesAgo(16), true],
    ['is recent', minutesAgo(14), false],
    ['is not known', undefined, true],
    ['is far in the future', minutesAgo(-60), true],
  ])('is one that %s, by the provider: %s', async (_name, authTime, refused) => {
    const { status, browser } = await signIn(authTime);
    expect([status, await isRefused(browser)]).toEqual([303, refused]);
  });
});

describe('confirming who one is', () => {
  it('asks the provider again, replaces the session, and lets open pages go on for a moment', async () => {
    const { browser } = await signIn(minutesAgo(60));
    const begun = await stack.begin('ada', {
      start: '/auth/step-up',
      headers: browser,
      claims: { auth_time: minutesAgo(0) },
    });
    expect(Object.fromEntries(begun.asked.searchParams)).toMatchObject({
      prompt: 'login',
      max_age: '900',
      login_hint: 'ada@contoso.example',
      claims: '{"id_token":{"auth_time":{"essential":true}}}',
    });
    const { status, headers, browser: confirmed } = await begun.end();
    expect([status, headers.location]).toEqual([303, '/auth/stepped-up']);
    expect((await stack.api.call('GET', '/auth/stepped-up', { key: null })).text).toContain('make it again there');
    expect(confirmed.cookie).not.toBe(browser.cookie);
    expect([await isRefused(confirmed), await isRefused(browser)]).toEqual([false, true]);
    expect((await stack.me(browser)).status).toBe(200);
    await stack.api.db
      .updateTable('sessions')
      .set({ expiresAt: new Date(Date.now() - 1) })
      .where('authenticatedAt', '<', new Date(minutesAgo(30) * 1_000))
      .execute();
    expect([(await stack.me(browser)).status, (await stack.me(confirmed)).status]).toEqual([401, 200]);
  });

  it('leaves the old session no longer than half a minute', async () => {
    await stack.api.db.deleteFrom('sessions').execute();
    const { browser } = await signIn(minutesAgo(60));
    await stepUp(browser, minutesAgo(0));
    const sessions = await stack.api.db.selectFrom('sessions').select('expiresAt').orderBy('expiresAt').execute();
    expect(sessions).toHaveLength(2);
    expect(Number(sessions[0]?.expiresAt) - Date.now()).toBeLessThanOrEqual(30_000);
  });

  it.each([
    ['an old sign-in', minutesAgo(60), {}, 400, 'did not confirm a recent sign-in'],
    ['no moment', undefined, {}, 400, 'did not confirm a recent sign-in'],
    ['another person', minutesAgo(0), { name: 'grace' }, 403, 'Another person signed in'],
  ])('fails with %s, and the session stays as it was', async (_name, authTime, other, status, words) => {
    const { browser } = await signIn(minutesAgo(60));
    const answer = await stepUp(browser, authTime, other);
    expect([answer.status, answer.browser.cookie]).toEqual([status, '']);
    expect(answer.text).toContain(words);
    expect(answer.text).toContain('href="/auth/step-up"');
    expect([(await stack.me(browser)).status, await isRefused(browser)]).toEqual([200, true]);
  });

  it('demands the way of signing in that is set', async () => {
    const { browser } = await signIn(minutesAgo(0), { acr: '1' });
    expect(await isRefused(browser)).toBe(false);
    await save({ stepUpMinutes: 15, stepUpAcr: 'mfa' });
    expect(await isRefused(browser)).toBe(true);
    const begun = await stack.begin('ada', { start: '/auth/step-up', headers: browser });
    expect(begun.asked.searchParams.get('acr_values')).toBe('mfa');
    expect((await stepUp(browser, minutesAgo(0), { claims: { acr: '1' } })).status).toBe(400);
    const { browser: confirmed } = await stepUp(browser, minutesAgo(0), { claims: { acr: 'mfa' } });
    expect(await isRefused(confirmed)).toBe(false);
  });

  it('is an ordinary sign-in for who is not signed in', async () => {
    const begun = await stack.begin('ada', { start: '/auth/step-up' });
    expect(begun.asked.searchParams.has('prompt')).toBe(false);
    expect((await begun.end()).headers.location).toBe('/');
  });
});

it('is turned on only by a session that proves that the provider can be asked', async () => {
  await save({});
  const { browser } = await signIn(undefined);
  expect((await save({ stepUpMinutes: 10 }, browser)).json.reason).toBe('recent-sign-in-needed');
  expect((await stepUp(browser, undefined)).status).toBe(400);
  // The way that the settings are about to ask for comes with the request.
  const { asked } = await stack.begin('ada', { start: '/auth/step-up?acr=mfa', headers: browser });
  expect([asked.searchParams.get('max_age'), asked.searchParams.get('acr_values')]).toEqual(['300', 'mfa']);
  const { browser: confirmed } = await stepUp(browser, minutesAgo(0), { claims: { acr: '1' } });
  const other = await save({ stepUpMinutes: 10, stepUpAcr: 'mfa' }, confirmed);
  expect([other.json.reason, other.json.facts]).toEqual(['recent-sign-in-needed', { acr: 'mfa' }]);
  expect((await save({ stepUpMinutes: 10 }, confirmed)).status).toBe(200);
});
