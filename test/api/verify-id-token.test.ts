import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIdTokenVerification, createTokenVerification } from '../../api/sign-on/verify-id-token.ts';
import { aSigningKey, CLIENT_ID, idToken, startForgingProvider, type TestKey } from './forging-provider.ts';

/** By itself: the library that asks for the token looks at its claims as well, and not at its signature. */
let provider: Awaited<ReturnType<typeof startForgingProvider>>;
let key: TestKey;
let verify: ReturnType<typeof createIdTokenVerification>;

beforeAll(async () => {
  [provider, key] = await Promise.all([startForgingProvider(), aSigningKey('k1')]);
  provider.state.keys = [key.publicJwk];
  verify = createIdTokenVerification(createTokenVerification(new URL(`${provider.issuer}/keys`)));
});
afterAll(() => provider.stop());

const verified = async (claims: Record<string, unknown>, signedBy = key, header = {}) =>
  await verify(await idToken(signedBy, { claims, header })('a nonce', provider.issuer), {
    issuer: provider.issuer,
    audience: CLIENT_ID,
    nonce: 'a nonce',
  });
const now = () => Math.floor(Date.now() / 1_000);

it('takes a token of the provider, for us, of this sign-in, while it lasts', async () => {
  expect(await verified({})).toMatchObject({ sub: 'a-subject' });
  expect(await verified({ exp: now() - 30 })).toMatchObject({ sub: 'a-subject' });
});

it.each<[string, Record<string, unknown>]>([
  ['of another issuer', { iss: 'https://evil.example' }],
  ['for another client', { aud: 'another' }],
  ['of another sign-in', { nonce: 'another' }],
  ['without a nonce', { nonce: undefined }],
  ['that is over', { exp: now() - 90 }],
  ['that never ends', { exp: undefined }],
  ['that is not valid yet', { nbf: now() + 90 }],
  ['of no time', { iat: undefined }],
  ['of nobody', { sub: undefined }],
])('refuses one %s', async (_, claims) => {
  await expect(verified(claims)).rejects.toMatchObject({ reason: 'unusable-answer' });
});

it('refuses one of an algorithm that is not listed, even where the provider publishes its key', async () => {
  const unlisted = await aSigningKey('k2', 'ML-DSA-44');
  provider.state.keys = [key.publicJwk, unlisted.publicJwk];
  await expect(verified({}, unlisted, { alg: 'ML-DSA-44' })).rejects.toMatchObject({ reason: 'unusable-answer' });
});

it('refuses one that a foreign key signed under the name of a published one', async () => {
  await expect(verified({}, { ...(await aSigningKey('k1')), kid: 'k1' })).rejects.toMatchObject({
    reason: 'unusable-answer',
  });
});
