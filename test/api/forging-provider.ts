import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export const CLIENT_ID = 'mailroom';
export const CLIENT_SECRET = 'a secret of sixty-four characters, so that HS256 would take it, too';

export interface TestKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function aSigningKey(kid: string, alg = 'RS256'): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Makes the id token of one sign-in. */
export type MakeIdToken = (nonce: string, issuer: string) => Promise<string>;

/** An id token of this provider for a person, as it should be, but for what is changed. */
export function idToken(
  key: TestKey,
  {
    claims = {},
    header = {},
  }: { readonly claims?: Record<string, unknown>; readonly header?: Record<string, unknown> },
): MakeIdToken {
  return async (nonce, issuer) => {
    const now = Math.floor(Date.now() / 1_000);
    return await new SignJWT({
      iss: issuer,
      aud: CLIENT_ID,
      sub: 'a-subject',
      nonce,
      iat: now,
      exp: now + 300,
      email: 'ada@contoso.example',
      email_verified: true,
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header })
      .sign(key.privateKey);
  };
}

/**
 * An OpenID Connect provider that lets everybody in and answers whatever id token a test makes: for what no honest
 * provider does. `keys` are what it publishes.
 */
export async function startForgingProvider() {
  const state = {
    keys: [] as JWK[],
    keyRequests: 0,
    keysStatus: 200,
    makeIdToken: undefined as MakeIdToken | undefined,
    userInfo: undefined as Record<string, unknown> | undefined,
    acceptsSecretIn: 'anywhere' as 'anywhere' | 'body' | 'header',
  };
  const nonces = new Map<string, string>();
  let issuer = '';

  async function token(request: IncomingMessage): Promise<{ status: number; body: object }> {
    const form = new URLSearchParams(await text(request));
    const inHeader = request.headers.authorization !== undefined;
    const place = state.acceptsSecretIn;
    if (place !== 'anywhere' && (place === 'header') !== inHeader)
      return { status: 401, body: { error: 'invalid_client' } };
    const nonce = nonces.get(form.get('code') ?? '');
    if (nonce === undefined) return { status: 400, body: { error: 'invalid_grant' } };
    nonces.delete(form.get('code') ?? '');
    const id_token = await state.makeIdToken?.(nonce, issuer);
    return { status: 200, body: { access_token: 'opaque', token_type: 'Bearer', expires_in: 300, id_token } };
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    const json = (body: object, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname === '/.well-known/openid-configuration') {
      json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        userinfo_endpoint: `${issuer}/userinfo`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        // It takes anything, which is no reason for us to.
        id_token_signing_alg_values_supported: ['RS256', 'ES256', 'HS256', 'none'],
      });
    } else if (url.pathname === '/authorize') {
      const code = `code-${nonces.size}-${Math.random()}`;
      nonces.set(code, url.searchParams.get('nonce') ?? '');
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      back.search = String(new URLSearchParams({ code, state: url.searchParams.get('state') ?? '' }));
      response.writeHead(302, { location: back.href }).end();
    } else if (url.pathname === '/token') {
      const { status, body } = await token(request);
      json(body, status);
    } else if (url.pathname === '/keys') {
      state.keyRequests += 1;
      json({ keys: state.keys }, state.keysStatus);
    } else if (url.pathname === '/userinfo' && state.userInfo) json(state.userInfo);
    else json({ error: 'not_found' }, 404);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    state,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
