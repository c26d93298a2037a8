import {
  ConfidentialClientApplication,
  CryptoProvider,
  InteractionRequiredAuthError,
  type NodeAuthOptions,
} from '@azure/msal-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  DEFAULT_TENANT_ID,
  MAILROOM_CLIENT_ID,
  MAILROOM_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';
import { makeClientCertificate } from './client-certificate.ts';
import { createPageDriver } from './page-driver.ts';
import { type RunningEntra, startEntra } from './start-entra.ts';

const REDIRECT_URI = 'http://localhost:34567/api/v1/email/sign-in/callback';
const SCOPES = ['User.Read', 'Mail.Read'];

describe('@azure/msal-node over plain http', () => {
  let entra: RunningEntra;
  beforeAll(async () => {
    entra = await startEntra();
    await entra.control('PUT', '/control/sign-in', { mode: 'auto' });
  });
  afterAll(() => entra.close());

  /** A fake https authority whose metadata names the simulator: MSAL then needs no discovery and no TLS. */
  function createClient(
    proof: Pick<NodeAuthOptions, 'clientSecret' | 'clientCertificate'> = { clientSecret: MAILROOM_CLIENT_SECRET },
  ): ConfidentialClientApplication {
    const authority = `https://simulator.example/${DEFAULT_TENANT_ID}`;
    return new ConfidentialClientApplication({
      auth: {
        clientId: MAILROOM_CLIENT_ID,
        ...proof,
        authority,
        knownAuthorities: ['simulator.example'],
        clientCapabilities: ['CP1'],
        authorityMetadata: JSON.stringify({
          authorization_endpoint: `${entra.origin}/${DEFAULT_TENANT_ID}/oauth2/v2.0/authorize`,
          token_endpoint: `${entra.origin}/${DEFAULT_TENANT_ID}/oauth2/v2.0/token`,
          issuer: `${entra.origin}/${DEFAULT_TENANT_ID}/v2.0`,
          jwks_uri: `${entra.origin}/${DEFAULT_TENANT_ID}/discovery/v2.0/keys`,
        }),
      },
    });
  }

  async function signIn(client: ConfidentialClientApplication, loginHint: string) {
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
    const url = await client.getAuthCodeUrl({
      scopes: SCOPES,
      redirectUri: REDIRECT_URI,
      loginHint,
      state: 'the-state',
      nonce: 'the-nonce',
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
    });
    const browser = createPageDriver();
    await browser.open(url);
    const answer = browser.left?.searchParams;
    expect(answer?.get('state')).toBe('the-state');
    return client.acquireTokenByCode({
      scopes: SCOPES,
      redirectUri: REDIRECT_URI,
      code: answer?.get('code') ?? '',
      codeVerifier: verifier,
      nonce: 'the-nonce',
    });
  }

  test('signs in, and takes the access token from its cache afterwards', async () => {
    const client = createClient();
    const result = await signIn(client, 'anna@contoso.example');
    const user = entra.directory.findUser('anna@contoso.example');
    expect(result.account?.homeAccountId).toBe(`${user?.oid}.${DEFAULT_TENANT_ID}`);
    expect(result.idTokenClaims).toMatchObject({ tid: DEFAULT_TENANT_ID, oid: user?.oid });
    expect(await entra.accessTokens.verify(result.accessToken)).toMatchObject({
      scopes: expect.arrayContaining(SCOPES),
    });

    if (!result.account) throw new Error('no account');
    const silent = await client.acquireTokenSilent({ account: result.account, scopes: SCOPES });
    expect(silent.fromCache).toBe(true);
    const refreshed = await client.acquireTokenSilent({ account: result.account, scopes: SCOPES, forceRefresh: true });
    expect(refreshed.fromCache).toBe(false);
    expect(refreshed.accessToken).not.toBe(result.accessToken);
  });

  test('reads a wrong secret as invalid_client 7000215', async () => {
    await expect(
      signIn(createClient({ clientSecret: 'not-the-secret' }), 'anna@contoso.example'),
    ).rejects.toMatchObject({
      errorCode: 'invalid_client',
      errorNo: 7000215,
    });
  });

  test('gets an app-only token', async () => {
    const result = await createClient().acquireTokenByClientCredential({
      scopes: ['https://graph.microsoft.com/.default'],
    });
    expect(await entra.accessTokens.verify(result?.accessToken ?? '')).toMatchObject({ scopes: [], roles: [] });
  });

  test('learns from a revocation that the person is needed', async () => {
    const client = createClient();
    const { account, accessToken } = await signIn(client, 'revoked@contoso.example');
    if (!account) throw new Error('no account');
    const body = { address: 'revoked@contoso.example', reason: 'password-changed' };
    await entra.control('POST', '/control/tokens/revoke', body);
    expect(await entra.accessTokens.verify(accessToken)).toEqual({ refused: 'revoked' });
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
    await expect(client.acquireTokenSilent({ account, scopes: SCOPES, claims })).rejects.toThrow(
      InteractionRequiredAuthError,
    );
  });

  test('proves itself by a certificate', async () => {
    const { pem, privateKey, thumbprint } = await makeClientCertificate();
    await entra.control('POST', `/control/apps/${MAILROOM_CLIENT_ID}/certificates`, { pem });
    const client = createClient({
      clientCertificate: {
        thumbprintSha256: Buffer.from(thumbprint, 'base64url').toString('hex'),
        privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      },
    });
    expect((await signIn(client, 'certified@contoso.example')).account?.username).toBe('certified@contoso.example');
  });
});
