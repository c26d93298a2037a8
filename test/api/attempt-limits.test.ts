import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { networkOf } from '../../api/http/network-of.ts';
import { addUser } from '../../database/people/users.ts';
import { aSigningKey, CLIENT_ID, CLIENT_SECRET, idToken, startForgingProvider } from './forging-provider.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let provider: Awaited<ReturnType<typeof startForgingProvider>>;
/** Two API processes of one installation. */
let apis: readonly [TestApi, TestApi];

beforeAll(async () => {
  provider = await startForgingProvider();
  const key = await aSigningKey('key');
  provider.state.keys = [key.publicJwk];
  provider.state.makeIdToken = idToken(key, {});
  const oidc = { issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
  const first = await startTestApi({ oidc });
  const second = await startTestApi({ oidc, db: first.db, keys: first.keys, withoutKeys: true });
  apis = [first, second];
  await addUser(first.db, 'cli', { email: 'ada@contoso.example', displayName: '', profile: 'Agent' });
});
afterAll(async () => {
  await apis[1].stop();
  await apis[0].stop();
  await provider.stop();
});
beforeEach(async () => {
  await apis[0].db.deleteFrom('attemptCounts').execute();
});

const from = (ip: string) => ({ remoteAddress: ip });
async function open(api: TestApi, url: string, ip: string, headers: Record<string, string> = {}) {
  return await api.app.inject({ method: 'GET', url, headers, ...from(ip) });
}

/** From the first click until the session. */
async function signIn(api: TestApi, ip: string): Promise<number> {
  const began = await open(api, '/auth/sign-in', ip);
  if (began.statusCode !== 303) return began.statusCode;
  const there = await fetch(String(began.headers.location), { redirect: 'manual' });
  const { pathname, search } = new URL(there.headers.get('location') ?? '');
  const cookie = String(began.headers['set-cookie']).split(';')[0] ?? '';
  const back = await open(api, `${pathname}${search}`, ip, { cookie });
  return back.headers['set-cookie'] === undefined ? back.statusCode : 200;
}

describe('sign-ins from one address', () => {
  it('may be those of a whole office: what succeeds does not count', async () => {
    for (let person = 0; person < 80; person++) expect(await signIn(apis[0], '192.0.2.1')).toBe(200);
    const { attempts } = await apis[0].db
      .selectFrom('attemptCounts')
      .select('attempts')
      .where('attempt', '=', 'sign-in')
      .executeTakeFirstOrThrow();
    expect(attempts).toBe(0);
  });

  it('end when hundreds were begun and none succeeded, in all API processes, and in words', async () => {
    const begin = (api: TestApi) => open(api, '/auth/sign-in', '192.0.2.2');
    for (let round = 0; round < 6; round++) {
      const answers = await Promise.all(Array.from({ length: 100 }, (_, each) => begin(apis[each % 2] as TestApi)));
      expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([303]));
    }
    for (const api of apis) {
      const refused = await begin(api);
      expect([refused.statusCode, refused.body]).toEqual([429, expect.stringContaining('Too many attempts from this')]);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    }
    expect((await open(apis[1], '/auth/sign-in', '192.0.2.3')).statusCode).toBe(303);
  });

  it('begin again when the minute is over', async () => {
    await apis[0].db.deleteFrom('attemptCounts').execute();
    await open(apis[0], '/auth/sign-in', '192.0.2.4');
    await apis[0].db
      .updateTable('attemptCounts')
      .set({ attempts: 5_000, endsAt: sql<Date>`now() - interval '1 second'` })
      .execute();
    expect((await open(apis[0], '/auth/sign-in', '192.0.2.4')).statusCode).toBe(303);
  });
});

describe('ways back that lead nowhere', () => {
  it.each(['/auth/callback?state=x', '/api/v1/email/sign-in/callback?state=x'])(
    'are answered with *too many* after hundreds, and people who really signed in come in: %s',
    async (path) => {
      const ip = path.includes('email') ? '198.51.100.1' : '198.51.100.2';
      await open(apis[0], path, ip);
      await apis[0].db
        .updateTable('attemptCounts')
        .set({ attempts: 600 })
        .where('attempt', '=', 'failed-way-back')
        .execute();
      for (const api of apis) expect((await open(api, path, ip)).statusCode).toBe(429);
      expect(await signIn(apis[0], ip)).toBe(200);
    },
  );

  it('cost the database nothing once their origin is known to be over the limit', async () => {
    const ip = '198.51.100.3';
    await open(apis[0], '/auth/callback?state=x', ip);
    await apis[0].db.updateTable('attemptCounts').set({ attempts: 600 }).execute();
    for (let attempt = 0; attempt < 20; attempt++) await open(apis[0], '/auth/callback?state=x', ip);
    const { attempts } = await apis[0].db.selectFrom('attemptCounts').select('attempts').executeTakeFirstOrThrow();
    expect(attempts).toBe(601);
  });
});

describe('keys that are tried', () => {
  it('are counted over all API processes, and good ones work all the same', async () => {
    const ip = '203.0.113.1';
    const tryKey = async (api: TestApi, key: string) =>
      (await open(api, '/api/v1/me', ip, { authorization: `Bearer ${key}` })).statusCode;
    for (let attempt = 0; attempt < 30; attempt++)
      expect(await tryKey(apis[attempt % 2] as TestApi, 'wrong')).toBe(401);
    expect(await tryKey(apis[0], 'wrong')).toBe(429);
    expect(await tryKey(apis[1], 'wrong')).toBe(429);
    expect(await tryKey(apis[1], apis[0].apiKeys.Agent)).toBe(200);
  });
});

describe('an origin', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::1', '2001:db8:1:2'],
    ['2001:DB8:0001:2::', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('of %s is %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});
