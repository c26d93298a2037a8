import { createHash, generateKeyPairSync, randomUUID, sign, X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeJwt, jwtVerify, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccessTokenClaims } from '../../simulator/entra/contract.ts';
import {
  DEFAULT_TENANT_ID,
  MAILROOM_CLIENT_ID,
  MAILROOM_CLIENT_SECRET,
  SSO_CLIENT_ID,
  SSO_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';
import { makeClientCertificate } from './client-certificate.ts';
import { authorizeUrl, obtainTokens, REDIRECT_URI, refresh, requestToken, signInByPages } from './entra-client.ts';
import { createPageDriver } from './page-driver.ts';
import { type RunningEntra, startEntra } from './start-entra.ts';

describe('tokens of the simulated Entra', () => {
  let entra: RunningEntra;
  beforeAll(async () => {
    entra = await startEntra();
  });
  afterAll(() => entra.close());

  test('an id_token has the claims of v2.0 and a signature by a published key', async () => {
    const body = await obtainTokens(entra, 'claims@contoso.example', { client_info: '1' });
    const keys = createRemoteJWKSet(new URL(`${entra.origin}/${DEFAULT_TENANT_ID}/discovery/v2.0/keys`));
    const { payload, protectedHeader } = await jwtVerify(String(body.id_token), keys, {
      issuer: `${entra.origin}/${DEFAULT_TENANT_ID}/v2.0`,
      audience: MAILROOM_CLIENT_ID,
    });
    const user = entra.directory.findUser('claims@contoso.example');
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({
      ver: '2.0',
      tid: DEFAULT_TENANT_ID,
      oid: user?.oid,
      name: 'Claims',
      preferred_username: 'claims@contoso.example',
    });
    expect(payload.nonce).toBeUndefined();
    expect(payload.email).toBeUndefined();
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    const info = JSON.parse(Buffer.from(String(body.client_info), 'base64url').toString());
    expect(info).toEqual({ uid: user?.oid, utid: DEFAULT_TENANT_ID });
  });

  test('the subject of a user differs from app to app', async () => {
    const mailroom = await obtainTokens(entra, 'pairwise@contoso.example');
    const redirectUri = 'http://localhost:34567/auth/callback';
    const fields = { client_id: SSO_CLIENT_ID, redirect_uri: redirectUri, scope: 'openid profile email' };
    const left = await signInByPages(createPageDriver(), authorizeUrl(entra, fields), 'pairwise@contoso.example');
    const sso = await requestToken(entra, {
      grant_type: 'authorization_code',
      client_id: SSO_CLIENT_ID,
      client_secret: SSO_CLIENT_SECRET,
      code: left.searchParams.get('code') ?? '',
      redirect_uri: redirectUri,
    });
    const one = decodeJwt(String(mailroom.id_token));
    const other = decodeJwt(String(sso.body.id_token));
    expect(other.oid).toBe(one.oid);
    expect(other.sub).not.toBe(one.sub);
    expect(other.email).toBe('pairwise@contoso.example');
    const userinfo = await fetch(`${entra.origin}/oidc/userinfo`, {
      headers: { authorization: `Bearer ${sso.body.access_token}` },
    });
    expect(await userinfo.json()).toMatchObject({ sub: other.sub, email: 'pairwise@contoso.example' });
  });

  test('scopes are echoed in the form in which they were asked, without offline_access', async () => {
    const { refresh_token: token } = await obtainTokens(entra, 'echo@contoso.example');
    const short = await refresh(entra, token, { scope: 'openid offline_access mail.read' });
    expect(String(short.body.scope)).toMatch(/^openid mail\.read /);
    const long = await refresh(entra, token, { scope: 'https://graph.microsoft.com/Mail.Read' });
    expect(String(long.body.scope)).toMatch(/^https:\/\/graph\.microsoft\.com\/Mail\.Read /);
    for (const { body } of [short, long]) expect(String(body.scope)).not.toContain('offline_access');
    expect(long.body.refresh_token).toBeUndefined();
    expect(long.body.id_token).toBeUndefined();
  });

  test('hold all that is consented, and the answer says so in the form in which was asked', async () => {
    const { refresh_token: token } = await obtainTokens(entra, 'all@contoso.example');
    const names = ['openid', 'profile', 'User.Read', 'Mail.Read'];
    for (const prefix of ['', 'https://graph.microsoft.com/']) {
      const { body } = await refresh(entra, token, { scope: `${prefix}Mail.Read` });
      const written = names.map((name) => (/^[a-z]/.test(name) ? name : `${prefix}${name}`));
      expect(new Set(String(body.scope).split(' '))).toEqual(new Set(written));
      const { scopes } = (await entra.accessTokens.verify(String(body.access_token))) as AccessTokenClaims;
      expect(new Set(scopes)).toEqual(new Set(names));
    }
  });

  test('a public client proves itself by PKCE alone, shows no secret, and has no tokens of its own', async () => {
    const clientId = 'a3c5e7f9-1b2d-4e6f-8a90-b1c2d3e4f506';
    const app = { clientId, tenantId: DEFAULT_TENANT_ID, publicClient: true, redirectUris: [REDIRECT_URI] };
    await entra.control('POST', '/control/apps', app);
    const verifier = 'v'.repeat(43);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const wanted = { client_id: clientId, code_challenge: challenge, code_challenge_method: 'S256' };
    const left = await signInByPages(createPageDriver(), authorizeUrl(entra, wanted), 'public@contoso.example');
    const grant = { grant_type: 'authorization_code', code: left.searchParams.get('code') ?? '' };
    const own = { client_id: clientId, client_secret: undefined, redirect_uri: REDIRECT_URI };
    const ask = (fields: Record<string, string | undefined>) => requestToken(entra, { ...own, ...fields });
    const refusal = async (fields: Record<string, string | undefined>) => (await ask(fields)).body.error_codes;

    expect(await refusal(grant)).toEqual([501481]);
    expect(await refusal({ ...grant, code_verifier: verifier, client_secret: 'secret' })).toEqual([700025]);
    const { status, body } = await ask({ ...grant, code_verifier: verifier });
    expect(status).toBe(200);
    expect(decodeJwt(String(body.access_token))).toMatchObject({ appid: clientId, appidacr: '0' });
    const refreshToken = { grant_type: 'refresh_token', refresh_token: String(body.refresh_token) };
    expect((await ask(refreshToken)).status).toBe(200);
    const alone = { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' };
    expect(await refusal(alone)).toEqual([7000218]);
    expect(await refusal({ ...refreshToken, client_id: MAILROOM_CLIENT_ID })).toEqual([7000218]);
  });

  test('.default stands for everything that the app has registered', async () => {
    const { refresh_token: token } = await obtainTokens(entra, 'everything@contoso.example');
    const { body } = await refresh(entra, token, { scope: 'https://graph.microsoft.com/.default' });
    const long = ['User.Read', 'Mail.Read'].map((name) => `https://graph.microsoft.com/${name}`);
    expect(String(body.scope).split(' ')).toEqual(expect.arrayContaining(long));
    expect(await entra.accessTokens.verify(String(body.access_token))).toMatchObject({
      scopes: expect.arrayContaining(['User.Read', 'Mail.Read']),
    });
  });

  test('access tokens live as long as the settings say', async () => {
    await entra.control('PATCH', '/control/tokens/settings', { accessTokenLifetimeSeconds: 0 });
    const body = await obtainTokens(entra, 'brief@contoso.example');
    await entra.control('PATCH', '/control/tokens/settings', { accessTokenLifetimeSeconds: 3599 });
    expect(body.expires_in).toBe(0);
    expect(await entra.accessTokens.verify(String(body.access_token))).toEqual({ refused: 'expired' });
  });

  test('an id_token is no access token, and neither is a forged one', async () => {
    const body = await obtainTokens(entra, 'forger@contoso.example');
    expect(await entra.accessTokens.verify(String(body.id_token))).toEqual({ refused: 'malformed' });
    const [header, payload, signature] = String(body.access_token).split('.');
    const claims = { ...JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()), scp: 'Mail.Send' };
    const forged = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    expect(await entra.accessTokens.verify(forged)).toEqual({ refused: 'malformed' });
    expect(await entra.accessTokens.verify('')).toEqual({ refused: 'malformed' });
  });

  test('a rolled key signs from then on, and the old one still verifies', async () => {
    const before = await obtainTokens(entra, 'rolled@contoso.example');
    await entra.control('POST', '/control/keys/rotate');
    const after = await obtainTokens(entra, 'rolled@contoso.example');
    const keys = createRemoteJWKSet(new URL(`${entra.origin}/common/discovery/v2.0/keys`));
    const kids = await Promise.all(
      [before, after].map(async (body) => (await jwtVerify(String(body.id_token), keys)).protectedHeader.kid),
    );
    expect(kids[0]).not.toBe(kids[1]);
    expect(await entra.accessTokens.verify(String(before.access_token))).toHaveProperty('oid');
  });

  test('a client may prove itself by HTTP Basic, with a secret that needs encoding', async () => {
    await entra.control('POST', `/control/apps/${MAILROOM_CLIENT_ID}/secrets`, { value: 'a+b/c=d: e%' });
    const basic = `${encodeURIComponent(MAILROOM_CLIENT_ID)}:${encodeURIComponent('a+b/c=d: e%')}`;
    const answer = await requestToken(
      entra,
      {
        grant_type: 'client_credentials',
        scope: 'https://graph.microsoft.com/.default',
        client_id: undefined,
        client_secret: undefined,
      },
      { headers: { authorization: `Basic ${Buffer.from(basic).toString('base64')}` } },
    );
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(['token_type', 'expires_in', 'ext_expires_in', 'access_token']);
  });

  test('a client may prove itself by a certificate; a bad assertion is refused by its fault', async () => {
    const { pem, privateKey, thumbprint } = await makeClientCertificate();
    await entra.control('POST', `/control/apps/${MAILROOM_CLIENT_ID}/certificates`, { pem });
    const tokenEndpoint = `${entra.origin}/${DEFAULT_TENANT_ID}/oauth2/v2.0/token`;
    const now = Math.floor(Date.now() / 1000);
    const good = { aud: tokenEndpoint, iss: MAILROOM_CLIENT_ID, sub: MAILROOM_CLIENT_ID, nbf: now, exp: now + 600 };
    const attempt = async (claims: object, key = privateKey) => {
      const { status, body } = await requestToken(entra, {
        grant_type: 'client_credentials',
        scope: 'https://graph.microsoft.com/.default',
        client_secret: undefined,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: signAssertion(claims, thumbprint, key),
      });
      return status === 200 ? 'accepted' : `${status} ${body.error} ${body.error_codes}`;
    };
    expect(await attempt(good)).toBe('accepted');
    expect(await attempt({ ...good, aud: 'https://elsewhere.example/token' })).toBe('401 invalid_client 700023');
    expect(await attempt({ ...good, exp: now - 3600 })).toBe('401 invalid_client 700024');
    expect(await attempt({ ...good, sub: SSO_CLIENT_ID })).toBe('401 invalid_client 700021');
    expect(await attempt(good, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)).toBe(
      '401 invalid_client 700027',
    );
  });

  test('the hybrid flow returns a code and an id_token that is bound to it, where the app allows it', async () => {
    await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { idTokensFromAuthorize: true });
    const browser = createPageDriver();
    const hybrid = authorizeUrl(entra, { response_type: 'code id_token', nonce: 'n-1', response_mode: 'form_post' });
    await browser.open(hybrid);
    await browser.submit({ address: 'hybrid@contoso.example' });
    await browser.submit({ password: 'x' });
    await browser.press('Approve');
    const fields = browser.page.forms[0]?.fields;
    const hash = createHash('sha256')
      .update(fields?.code ?? '')
      .digest()
      .subarray(0, 16)
      .toString('base64url');
    expect(decodeJwt(fields?.id_token ?? '')).toMatchObject({ nonce: 'n-1', c_hash: hash });
    await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { idTokensFromAuthorize: false });
  });

  test('POST /control/tokens issues the same tokens without a browser', async () => {
    const body = (await entra.control('POST', '/control/tokens', {
      address: 'scripted@contoso.example',
      capabilities: ['CP1'],
    })) as Record<string, unknown>;
    expect(await entra.accessTokens.verify(String(body.access_token))).toMatchObject({
      oid: entra.directory.findUser('scripted@contoso.example')?.oid,
      scopes: expect.arrayContaining(['Mail.Read']),
    });
    expect((await refresh(entra, body.refresh_token)).status).toBe(200);
  });
});

describe('an app on its own, as clients of every kind ask', () => {
  let entra: RunningEntra;
  beforeAll(async () => {
    entra = await startEntra();
    await entra.control('POST', `/control/apps/${MAILROOM_CLIENT_ID}/consents`, {
      delegated: [],
      application: ['Mail.Read'],
    });
  });
  afterAll(() => entra.close());

  test('may name the scopes of OpenID Connect beside .default, as MSAL for Go and Java do', async () => {
    const ask = (scope: string) =>
      requestToken(entra, {
        grant_type: 'client_credentials',
        client_id: MAILROOM_CLIENT_ID,
        client_secret: MAILROOM_CLIENT_SECRET,
        scope,
      });
    expect((await ask('https://graph.microsoft.com/.default openid profile offline_access')).status).toBe(200);
    expect((await ask('https://graph.microsoft.com/.default Mail.Read')).status).toBe(400);
    expect((await ask('openid profile')).status).toBe(400);
  });

  test('may name its certificate in every way that is in use', async () => {
    const { pem, privateKey, thumbprint } = await makeClientCertificate();
    await entra.control('POST', `/control/apps/${MAILROOM_CLIENT_ID}/certificates`, { pem });
    const sha1 = createHash('sha1').update(new X509Certificate(pem).raw).digest('base64url');
    const ask = async (header: Record<string, string>) => {
      const now = Math.floor(Date.now() / 1_000);
      const assertion = await new SignJWT({})
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...header })
        .setAudience(`${entra.origin}/${DEFAULT_TENANT_ID}/oauth2/v2.0/token`)
        .setIssuer(MAILROOM_CLIENT_ID)
        .setSubject(MAILROOM_CLIENT_ID)
        .setJti(randomUUID())
        .setNotBefore(now)
        .setExpirationTime(now + 300)
        .sign(privateKey);
      const { status } = await requestToken(entra, {
        grant_type: 'client_credentials',
        client_id: MAILROOM_CLIENT_ID,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
        scope: 'https://graph.microsoft.com/.default',
      });
      return status;
    };
    expect(await ask({ 'x5t#S256': thumbprint })).toBe(200);
    expect(await ask({ 'x5t#S256': `${thumbprint}=` })).toBe(200);
    expect(await ask({ x5t: sha1 })).toBe(200);
    expect(await ask({ x5t: `${sha1}=` })).toBe(200);
    expect(await ask({ x5t: thumbprint })).not.toBe(200);
    expect(await ask({})).not.toBe(200);
  });
});

describe('a restart', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entra-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('keeps users, sessions, refresh tokens, keys and changed apps', async () => {
    const database = join(folder, 'simulator.sqlite');
    const browser = createPageDriver();
    const first = await startEntra({ database });
    await signInByPages(browser, authorizeUrl(first), 'lasting@contoso.example');
    const tokens = await obtainTokens(first, 'lasting@contoso.example');
    await first.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, {
      secrets: [{ value: MAILROOM_CLIENT_SECRET }],
      displayName: 'Renamed',
    });
    const oid = first.directory.findUser('lasting@contoso.example')?.oid;
    const cookie = browser.cookies.get(new URL(first.origin).host)?.get('SSO');
    await first.close();

    const second = await startEntra({ database });
    try {
      expect(second.directory.findUser('lasting@contoso.example')?.oid).toBe(oid);
      expect(await second.accessTokens.verify(String(tokens.access_token))).toMatchObject({ oid });
      expect((await refresh(second, tokens.refresh_token)).status).toBe(200);
      const response = await fetch(authorizeUrl(second), { redirect: 'manual', headers: { cookie: `SSO=${cookie}` } });
      expect(response.headers.get('location')).toContain('code=');
      const page = await fetch(authorizeUrl(second));
      expect(await page.text()).toContain('to continue to Renamed');
    } finally {
      await second.close();
    }
  });
});

function signAssertion(claims: object, thumbprint: string, key: Parameters<typeof sign>[2]): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg: 'RS256', typ: 'JWT', 'x5t#S256': thumbprint })}.${encode({ ...claims, jti: randomUUID() })}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}
