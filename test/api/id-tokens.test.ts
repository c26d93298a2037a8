import { type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addUser } from '../../database/people/users.ts';
import {
  aSigningKey,
  CLIENT_ID,
  CLIENT_SECRET,
  idToken,
  type MakeIdToken,
  startForgingProvider,
  type TestKey,
} from './forging-provider.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let provider: Awaited<ReturnType<typeof startForgingProvider>>;
let api: TestApi;
let key: TestKey;
let foreign: TestKey;

beforeAll(async () => {
  provider = await startForgingProvider();
  api = await startTestApi({
    oidc: { issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET },
  });
  [key, foreign] = await Promise.all([aSigningKey('first'), aSigningKey('first')]);
  await addUser(api.db, 'cli', { email: 'ada@contoso.example', displayName: '', profile: 'Admin' });
});
afterAll(async () => {
  await api.stop();
  await provider.stop();
});
beforeEach(async () => {
  Object.assign(provider.state, {
    keys: [key.publicJwk],
    keysStatus: 200,
    userInfo: undefined,
    acceptsSecretIn: 'anywhere',
  });
  await api.db.updateTable('users').set({ issuer: null, subject: null }).execute();
});

/** Goes to the provider and back, as a browser does; what our callback answers. */
async function signIn(makeIdToken: MakeIdToken, at: TestApi = api) {
  provider.state.makeIdToken = makeIdToken;
  const began = await at.call('GET', '/auth/sign-in', { key: null });
  const back = await fetch(String(began.headers.location), { redirect: 'manual' });
  const { pathname, search } = new URL(back.headers.get('location') ?? '');
  const cookie = String(began.headers['set-cookie']).split(';')[0] ?? '';
  const answer = await at.call('GET', `${pathname}${search}`, { key: null, headers: { cookie } });
  return {
    status: answer.status,
    hasSession: /mailroom=[\w-]{43}/.test(String(answer.headers['set-cookie'])),
    text: answer.text,
  };
}
const admitted = { status: 303, hasSession: true };
const refused = (status: number) => ({ status, hasSession: false });

describe('the page of an identity that does not come in', () => {
  it.each([
    ['You signed in with another organisation', { tid: '11111111-2222-4333-8444-555555555555' }],
    ['The identity provider named no verified address', { email_verified: false }],
  ])('goes on by each of its buttons: %s', async (title, claims) => {
    provider.state.userInfo = { sub: 'a-subject' };
    const { status, text } = await signIn(idToken(key, { claims }));
    expect(status).toBe(403);
    expect(text).toContain(title);
    const links = [...text.matchAll(/<a class="button[^"]*" href="([^"]+)"/g)].map(([, href = '']) => href);
    expect(links).toHaveLength(2);
    for (const href of links) {
      const { headers } = await api.call('GET', href, { key: null });
      const to = new URL(String(headers.location));
      expect(to.href).toContain(`${provider.issuer}/`);
      expect(to.searchParams.get('prompt')).toBe(href.includes('chooseAccount') ? 'select_account' : null);
    }
  });
});

describe('an id token', () => {
  it('lets in whom the provider signed for', async () => {
    expect(await signIn(idToken(key, {}))).toMatchObject(admitted);
  });

  it.each<[string, () => MakeIdToken]>([
    ['signed with a foreign key that has the same id', () => idToken(foreign, {})],
    ['signed with a foreign key of another id', () => idToken(foreign, { header: { kid: 'unknown' } })],
    ['of another issuer', () => idToken(key, { claims: { iss: 'https://evil.example' } })],
    ['for another client', () => idToken(key, { claims: { aud: 'somebody-else' } })],
    ['for several clients, asked for by another', () => idToken(key, { claims: { aud: [CLIENT_ID, 'x'], azp: 'x' } })],
    ['of another sign-in', () => idToken(key, { claims: { nonce: 'another' } })],
    ['without a nonce', () => idToken(key, { claims: { nonce: undefined } })],
    ['that is over', () => idToken(key, { claims: { exp: Math.floor(Date.now() / 1_000) - 600 } })],
    ['without an end', () => idToken(key, { claims: { exp: undefined } })],
    ['without a subject', () => idToken(key, { claims: { sub: undefined } })],
    [
      'without a signature (alg: none)',
      () => async (nonce, issuer) =>
        new UnsecuredJWT({ sub: 'a-subject', nonce, email: 'ada@contoso.example', email_verified: true })
          .setIssuer(issuer)
          .setAudience(CLIENT_ID)
          .setIssuedAt()
          .setExpirationTime('5m')
          .encode(),
    ],
    [
      'with its signature cut off',
      () => async (nonce, issuer) => (await idToken(key, {})(nonce, issuer)).replace(/[^.]+$/, ''),
    ],
    ['signed with the client secret (HS256)', () => signedWithSecret(new TextEncoder().encode(CLIENT_SECRET))],
    [
      'signed with the public key as a secret (HS256)',
      () => signedWithSecret(new TextEncoder().encode(JSON.stringify(key.publicJwk))),
    ],
  ])('opens nothing when it is %s', async (_what, make) => {
    expect(await signIn(make())).toMatchObject(refused(400));
  });

  function signedWithSecret(secret: Uint8Array): MakeIdToken {
    return async (nonce, issuer) => {
      return await new SignJWT({ sub: 'a-subject', nonce, email: 'ada@contoso.example', email_verified: true })
        .setProtectedHeader({ alg: 'HS256', kid: key.kid })
        .setIssuer(issuer)
        .setAudience(CLIENT_ID)
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(secret);
    };
  }

  it('may be signed with a key that the provider has just begun to use; unknown ones are asked for once in a while', async () => {
    expect(await signIn(idToken(key, {}))).toMatchObject(admitted);
    const fresh = await startFreshApi();
    try {
      const next = await aSigningKey('next', 'ES256');
      expect(await signIn(idToken(key, {}), fresh)).toMatchObject(admitted);
      const before = provider.state.keyRequests;
      provider.state.keys = [next.publicJwk];
      expect(await signIn(idToken(next, { header: { alg: 'ES256' } }), fresh)).toMatchObject(admitted);
      expect(provider.state.keyRequests - before).toBe(1);
      for (let attempt = 0; attempt < 5; attempt++) {
        const made = idToken(foreign, { header: { kid: `unknown-${attempt}` } });
        expect(await signIn(made, fresh)).toMatchObject(refused(400));
      }
      expect(provider.state.keyRequests - before).toBe(2);
    } finally {
      await fresh.stop();
    }
  });

  it('may name no key where the provider publishes several', async () => {
    const fresh = await startFreshApi();
    try {
      const other = await aSigningKey('other');
      const withoutId = ({ kid: _, ...jwk }: JWK) => jwk;
      provider.state.keys = [withoutId(other.publicJwk), withoutId(key.publicJwk)];
      expect(await signIn(idToken(key, { header: { kid: undefined } }), fresh)).toMatchObject(admitted);
      expect(await signIn(idToken(foreign, { header: { kid: undefined } }), fresh)).toMatchObject(refused(400));
    } finally {
      await fresh.stop();
    }
  });

  it('waits for another time when the keys cannot be read', async () => {
    const fresh = await startFreshApi();
    try {
      provider.state.keysStatus = 500;
      expect(await signIn(idToken(key, {}), fresh)).toMatchObject(refused(503));
      provider.state.keysStatus = 200;
      expect(await signIn(idToken(key, {}), fresh)).toMatchObject(admitted);
    } finally {
      await fresh.stop();
    }
  });

  const startFreshApi = () =>
    startTestApi({
      db: api.db,
      keys: api.keys,
      oidc: { issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET },
      withoutKeys: true,
    });
});

describe('a provider', () => {
  it('may give the address at UserInfo alone', async () => {
    const bare = idToken(key, { claims: { email: undefined, email_verified: undefined } });
    provider.state.userInfo = { sub: 'a-subject', email: 'Ada@Contoso.example', email_verified: 'true', name: 'Ada' };
    expect(await signIn(bare)).toMatchObject(admitted);
  });

  it.each<[string, Record<string, unknown>, number]>([
    ['is about somebody else', { sub: 'another', email: 'ada@contoso.example', email_verified: true }, 400],
    ['does not vouch for the address', { sub: 'a-subject', email: 'ada@contoso.example' }, 403],
    [
      'claims another identity',
      { sub: 'a-subject', iss: 'https://evil.example', tid: 'x', preferred_username: 'ada@contoso.example' },
      403,
    ],
    [
      'spells another address with the Kelvin sign',
      { sub: 'a-subject', email: '\u212Aate@contoso.example', email_verified: true },
      403,
    ],
  ])('is not believed at UserInfo when its answer %s', async (_what, userInfo, status) => {
    await addUser(api.db, 'cli', { email: 'kate@contoso.example', displayName: '', profile: 'Agent' }).catch(() => {});
    provider.state.userInfo = userInfo;
    const bare = idToken(key, { claims: { email: undefined, email_verified: undefined } });
    expect(await signIn(bare)).toMatchObject(refused(status));
  });

  it.each(['body', 'header'] as const)('may want the secret in the %s', async (place) => {
    provider.state.acceptsSecretIn = place;
    expect(await signIn(idToken(key, {}))).toMatchObject(admitted);
  });
});
