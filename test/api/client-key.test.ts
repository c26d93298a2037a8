import { createHash, createPublicKey, type JsonWebKey, X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClientKey } from '../../api/sign-on/client-key.ts';
import { DEFAULT_TENANT_ID, SSO_CLIENT_ID } from '../../simulator/entra/default-directory.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { control } from '../graph/simulated-sign-in.ts';
import { makeClientCertificate, type TestCertificate } from '../simulator/client-certificate.ts';
import { signInByPages } from '../simulator/entra-client.ts';
import { createPageDriver } from '../simulator/page-driver.ts';

const REDIRECT_URI = 'http://localhost:3000/auth/callback';
let rsa: TestCertificate;
let curve: TestCertificate;
beforeAll(async () => {
  [rsa, curve] = await Promise.all([makeClientCertificate(), makeClientCertificate({ namedCurve: 'P-256' })]);
});

const keyOf = ({ keyPem, pem }: TestCertificate, withCertificate = false) => ({
  privateKey: keyPem,
  certificate: withCertificate ? pem : undefined,
  keyId: undefined,
});

/** A token endpoint that accepts one audience, and what it was sent. */
async function provider(
  accepts: 'issuer' | 'token-endpoint' | 'nothing',
  more: object = {},
  { status = 401, headers = {}, error = 'invalid_client' } = {},
) {
  const seen: URLSearchParams[] = [];
  let keys: JSONWebKeySet = { keys: [] };
  let origin = '';
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    seen.push(form);
    const audience = { issuer: origin, 'token-endpoint': `${origin}/token`, nothing: 'nothing' }[accepts];
    const isOurs = await jwtVerify(form.get('client_assertion') ?? '', createLocalJWKSet(keys), {
      audience,
      issuer: 'mailroom',
      subject: 'mailroom',
      clockTolerance: 0,
      maxTokenAge: 60,
    }).then(
      ({ payload }) => (payload.exp ?? 0) - (payload.iat ?? 0) <= 600 && typeof payload.jti === 'string',
      () => false,
    );
    response.writeHead(isOurs ? 200 : status, { 'content-type': 'application/json', ...(!isOurs && headers) });
    response.end(JSON.stringify(isOurs ? { access_token: 'a', token_type: 'Bearer' } : { error }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    seen,
    async ask(proof: ReturnType<typeof createClientKey>) {
      keys = { keys: [(await proof.publicKey?.()) ?? {}] } as JSONWebKeySet;
      const metadata = { issuer: origin, token_endpoint: `${origin}/token`, ...more };
      const configured = new client.Configuration(metadata, 'mailroom', undefined, proof.authentication);
      client.allowInsecureRequests(configured);
      return await proof.run(() => client.clientCredentialsGrant(configured));
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
const headerOf = (form: URLSearchParams | undefined) => decodeProtectedHeader(form?.get('client_assertion') ?? '');

describe('a key in place of the client secret for single sign-on', () => {
  it('signs people in at Entra, by PS256, the thumbprints of its certificate, and the token endpoint', async () => {
    const simulator: Simulator = await startSimulator();
    try {
      await control(simulator.url, 'POST', `/control/apps/${SSO_CLIENT_ID}/certificates`, { pem: rsa.pem });
      const proof = createClientKey(keyOf(rsa, true));
      const issuer = new URL(`${simulator.url}/${DEFAULT_TENANT_ID}/v2.0`);
      const options = { execute: [client.allowInsecureRequests] };
      const configured = await client.discovery(issuer, SSO_CLIENT_ID, undefined, proof.authentication, options);
      const pkceCodeVerifier = client.randomPKCECodeVerifier();
      const url = client.buildAuthorizationUrl(configured, {
        redirect_uri: REDIRECT_URI,
        scope: 'openid email',
        state: 's',
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
      });
      const callback = await signInByPages(createPageDriver(), url.href, 'olga@contoso.example');
      const tokens = await proof.run(() =>
        client.authorizationCodeGrant(configured, callback, { pkceCodeVerifier, expectedState: 's' }),
      );
      expect(tokens.claims()).toMatchObject({ tid: DEFAULT_TENANT_ID });
    } finally {
      await simulator.close();
    }
  });

  it.each([
    ['issuer', 1],
    ['token-endpoint', 2],
  ] as const)(
    'is made for the provider, which accepts the %s as audience, and after that at once',
    async (accepts, first) => {
      await using idp = await provider(accepts);
      const proof = createClientKey(keyOf(rsa));
      await idp.ask(proof);
      expect(idp.seen).toHaveLength(first);
      await idp.ask(proof);
      expect(idp.seen).toHaveLength(first + 1);
      const ids = idp.seen.map((form) => form.get('client_assertion'));
      expect(new Set(ids).size).toBe(ids.length);
      expect(idp.seen[0]?.get('client_secret')).toBe(null);
    },
  );

  it('signs by what the provider names and the key can', async () => {
    await using plain = await provider('issuer');
    await using modern = await provider('issuer', { token_endpoint_auth_signing_alg_values_supported: ['PS256'] });
    await plain.ask(createClientKey(keyOf(rsa)));
    await modern.ask(createClientKey(keyOf(rsa)));
    await plain.ask(createClientKey({ ...keyOf(curve), keyId: 'ours' }));
    const headers = [plain.seen[0], modern.seen[0], plain.seen[1]].map(headerOf);
    expect(headers).toMatchObject([{ alg: 'RS256' }, { alg: 'PS256' }, { alg: 'ES256', kid: 'ours' }]);
    expect(headers[0]?.kid).toMatch(/^[\w-]{43}$/);
  });

  it.each([
    ['another way where the provider does not know us', {}, {}, 2],
    ['another way where it challenges us', {}, { headers: { 'www-authenticate': 'Bearer error="invalid_client"' } }, 2],
    ['once where it refuses something else', {}, { status: 400, error: 'invalid_grant' }, 1],
    ['once by Entra, whose audience is known', { cloud_instance_name: 'microsoftonline.com' }, {}, 1],
  ])('is refused after it was tried %s', async (_how, metadata, refusal, tries) => {
    await using idp = await provider('nothing', metadata, refusal);
    await expect(idp.ask(createClientKey(keyOf(rsa)))).rejects.toThrow();
    expect(idp.seen).toHaveLength(tries);
  });

  it('is found by Entra by its certificate, and signed as Entra prefers', async () => {
    await using entra = await provider('token-endpoint', { cloud_instance_name: 'microsoftonline.com' });
    await entra.ask(createClientKey({ ...keyOf(rsa, true), keyId: 'ours' }));
    const header = headerOf(entra.seen[0]);
    expect(header).toMatchObject({ alg: 'PS256', typ: 'JWT', 'x5t#S256': rsa.thumbprint });
    expect(header).not.toHaveProperty('kid');
  });

  it('publishes its public part alone', async () => {
    const jwk = (await createClientKey(keyOf(rsa, true)).publicKey?.()) ?? {};
    expect(Object.keys(jwk).sort()).toEqual(['e', 'kid', 'kty', 'n', 'use', 'x5t', 'x5t#S256']);
    const sha1 = createHash('sha1').update(new X509Certificate(rsa.pem).raw).digest('base64url');
    expect(jwk).toMatchObject({ 'x5t#S256': rsa.thumbprint, x5t: sha1 });
    expect(createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }).equals(createPublicKey(rsa.privateKey))).toBe(
      true,
    );
  });
});
