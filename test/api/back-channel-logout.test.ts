import { randomUUID } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addUser } from '../../database/people/users.ts';
import {
  aSigningKey,
  CLIENT_ID,
  CLIENT_SECRET,
  idToken,
  startForgingProvider,
  type TestKey,
} from './forging-provider.ts';
import { startTestApi, type TestApi } from './test-api.ts';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

let provider: Awaited<ReturnType<typeof startForgingProvider>>;
let api: TestApi;
let key: TestKey;
let foreign: TestKey;

beforeAll(async () => {
  provider = await startForgingProvider();
  api = await startTestApi({ oidc: { issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET } });
  [key, foreign] = await Promise.all([aSigningKey('first'), aSigningKey('first')]);
  provider.state.keys = [key.publicJwk];
  for (const name of ['ada', 'grace']) {
    await addUser(api.db, 'cli', { email: `${name}@contoso.example`, displayName: '', profile: 'Admin' });
  }
});
afterAll(async () => {
  await api.stop();
  await provider.stop();
});
beforeEach(async () => {
  await api.db.deleteFrom('sessions').execute();
});

/** Signs a person in, and returns the headers of the browser. */
async function signIn(name: string, sid?: string) {
  const claims = { sub: name, email: `${name}@contoso.example`, ...(sid !== undefined && { sid }) };
  provider.state.makeIdToken = idToken(key, { claims });
  const began = await api.call('GET', '/auth/sign-in', { key: null });
  const back = await fetch(String(began.headers.location), { redirect: 'manual' });
  const { pathname, search } = new URL(back.headers.get('location') ?? '');
  const cookie = String(began.headers['set-cookie']).split(';')[0] ?? '';
  const headers = { cookie, 'user-agent': FIREFOX };
  const answer = await api.call('GET', `${pathname}${search}`, { key: null, headers });
  const session = /mailroom=[\w-]{43}/.exec(String(answer.headers['set-cookie']))?.[0] ?? '';
  return { cookie: session, 'sec-fetch-site': 'same-origin' };
}
const isSignedIn = async (headers: Record<string, string>) =>
  (await api.call('GET', '/api/v1/me', { key: null, headers })).status === 200;

/** A logout token as it should be, but for what is changed; undefined leaves a claim out. */
async function logoutToken(claims: Record<string, unknown>, { by = key, header = {} } = {}) {
  const now = Math.floor(Date.now() / 1_000);
  const all = {
    iss: provider.issuer,
    aud: CLIENT_ID,
    iat: now,
    exp: now + 120,
    jti: randomUUID(),
    events: { [EVENT]: {} },
  };
  return await new SignJWT({ ...all, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: by.kid, typ: 'logout+jwt', ...header })
    .sign(by.privateKey);
}
const send = (token: string) =>
  api.call('POST', '/auth/back-channel-logout', {
    key: null,
    body: String(new URLSearchParams({ logout_token: token })),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

describe('a logout token', () => {
  it('of a session ends that session alone', async () => {
    const [first, second] = [await signIn('ada', 'one'), await signIn('ada', 'two')];
    const { sessions } = (await api.call('GET', '/api/v1/me/sessions', { key: null, headers: first })).json;
    expect(sessions).toMatchObject([
      { browser: 'Firefox', system: 'Windows', address: '127.0.0.1' },
      { browser: 'Firefox' },
    ]);
    const { status, headers, text } = await send(await logoutToken({ sid: 'one' }));
    expect([status, headers['cache-control'], text]).toEqual([200, 'no-store', '']);
    expect([await isSignedIn(first), await isSignedIn(second)]).toEqual([false, true]);
  });

  it('of a person ends all sessions of that person alone', async () => {
    const [one, two, other] = [await signIn('ada', 'one'), await signIn('ada'), await signIn('grace', 'three')];
    expect((await send(await logoutToken({ sub: 'ada' }, { header: { typ: 'JWT' } }))).status).toBe(200);
    expect([await isSignedIn(one), await isSignedIn(two), await isSignedIn(other)]).toEqual([false, false, true]);
  });

  it('of a session and its person ends that session, one whose name is not known, and none of another person', async () => {
    const [named, unnamed, second] = [await signIn('ada', 'one'), await signIn('ada'), await signIn('ada', 'two')];
    const other = await signIn('grace', 'one');
    expect((await send(await logoutToken({ sub: 'ada', sid: 'one' }))).status).toBe(200);
    const left = await Promise.all([named, unnamed, second, other].map(isSignedIn));
    expect(left).toEqual([false, false, true, true]);
  });

  it('of a session that is not there is carried out, and once only', async () => {
    const token = await logoutToken({ sid: 'unknown' });
    const answers = await Promise.all([send(token), send(token), send(token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    const session = await signIn('ada', 'unknown');
    expect((await send(token)).status).toBe(400);
    expect(await isSignedIn(session)).toBe(true);
  });

  const hour = 3_600;
  const now = () => Math.floor(Date.now() / 1_000);
  it.each<[string, () => Promise<string>]>([
    ['of another issuer', () => logoutToken({ sub: 'ada', iss: 'https://login.example' })],
    ['for another client', () => logoutToken({ sub: 'ada', aud: 'another' })],
    ['without iat', () => logoutToken({ sub: 'ada', iat: undefined })],
    ['without exp', () => logoutToken({ sub: 'ada', exp: undefined })],
    ['without jti', () => logoutToken({ sub: 'ada', jti: undefined })],
    ['that has ended', () => logoutToken({ sub: 'ada', iat: now() - 300, exp: now() - 120 })],
    ['that was kept for an hour', () => logoutToken({ sub: 'ada', iat: now() - hour, exp: now() + hour })],
    ['of the future', () => logoutToken({ sub: 'ada', iat: now() + hour, exp: now() + 2 * hour })],
    ['that ends in years', () => logoutToken({ sub: 'ada', exp: now() + 10_000 * hour })],
    ['without events', () => logoutToken({ sub: 'ada', events: undefined })],
    ['with another event', () => logoutToken({ sub: 'ada', events: { 'https://other.example': {} } })],
    ['whose event is no object', () => logoutToken({ sub: 'ada', events: { [EVENT]: true } })],
    ['with a nonce', () => logoutToken({ sub: 'ada', nonce: 'n' })],
    ['that names neither session nor person', () => logoutToken({})],
    ['whose sid is a number', () => logoutToken({ sub: 'ada', sid: 1 })],
    ['whose sid cannot be stored', () => logoutToken({ sub: 'ada', sid: 'one\0' })],
    ['signed by another', () => logoutToken({ sub: 'ada' }, { by: foreign })],
    ['that is an id token', () => idToken(key, { claims: { sub: 'ada' } })('n', provider.issuer)],
    ['that is no token', async () => 'x'],
    [
      'without a signature',
      async () =>
        new UnsecuredJWT({ sub: 'ada', jti: 'j', events: { [EVENT]: {} } })
          .setIssuer(provider.issuer)
          .setAudience(CLIENT_ID)
          .setIssuedAt()
          .setExpirationTime('2m')
          .encode(),
    ],
  ])('%s is refused, and ends nothing', async (_what, make) => {
    const session = await signIn('ada', 'one');
    const { status, headers, json } = await send(await make());
    expect([status, headers['cache-control'], json?.error]).toEqual([400, 'no-store', 'invalid_request']);
    expect(await isSignedIn(session)).toBe(true);
  });

  it('is not logged', () => {
    expect(api.log()).not.toContain('eyJ');
  });

  it('of no use is answered with *too many* after hundreds of one address', async () => {
    const request = {
      method: 'POST',
      url: '/auth/back-channel-logout',
      remoteAddress: '198.51.100.9',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'logout_token=x',
    } as const;
    expect((await api.app.inject(request)).statusCode).toBe(400);
    await api.db.updateTable('attemptCounts').set({ attempts: 600 }).where('attempt', '=', 'failed-way-back').execute();
    expect((await api.app.inject(request)).statusCode).toBe(429);
  });
});
