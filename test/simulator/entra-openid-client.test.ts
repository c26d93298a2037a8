import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_TENANT_ID, SSO_CLIENT_ID, SSO_CLIENT_SECRET } from '../../simulator/entra/default-directory.ts';
import { signInByPages } from './entra-client.ts';
import { createPageDriver } from './page-driver.ts';
import { type RunningEntra, startEntra } from './start-entra.ts';

const REDIRECT_URI = 'http://localhost:34567/auth/callback';

describe('openid-client over plain http', () => {
  let entra: RunningEntra;
  beforeAll(async () => {
    entra = await startEntra();
  });
  afterAll(() => entra.close());

  const discover = (authentication: client.ClientAuth) =>
    client.discovery(new URL(`${entra.origin}/${DEFAULT_TENANT_ID}/v2.0`), SSO_CLIENT_ID, undefined, authentication, {
      execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
    });

  test.each([
    ['in the form', () => client.ClientSecretPost(SSO_CLIENT_SECRET)],
    ['by HTTP Basic', () => client.ClientSecretBasic(SSO_CLIENT_SECRET)],
  ])(
    'discovers, signs in with PKCE, verifies the id_token and reads userinfo, secret %s',
    async (_, authentication) => {
      const config = await discover(authentication());
      const pkceCodeVerifier = client.randomPKCECodeVerifier();
      const nonce = client.randomNonce();
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: REDIRECT_URI,
        scope: 'openid profile email',
        state: 'a-state',
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
      });
      const callback = await signInByPages(createPageDriver(), url.href, 'olga@contoso.example');
      const tokens = await client.authorizationCodeGrant(config, callback, {
        pkceCodeVerifier,
        expectedState: 'a-state',
        expectedNonce: nonce,
      });
      const claims = tokens.claims();
      expect(claims).toMatchObject({ tid: DEFAULT_TENANT_ID, email: 'olga@contoso.example', nonce });
      const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '');
      expect(userinfo.name).toBe('Olga');
    },
  );

  test('leads to the end of the session and back', async () => {
    const config = await discover(client.ClientSecretPost(SSO_CLIENT_SECRET));
    const url = client.buildEndSessionUrl(config, { post_logout_redirect_uri: REDIRECT_URI });
    const browser = createPageDriver();
    await browser.open(url.href);
    expect(browser.left?.href).toBe(REDIRECT_URI);
  });

  test('discovery has the fields of Microsoft, and refuses a tenant that does not exist', async () => {
    const config = await discover(client.None());
    expect(config.serverMetadata()).toMatchObject({
      issuer: `${entra.origin}/${DEFAULT_TENANT_ID}/v2.0`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      response_modes_supported: ['query', 'fragment', 'form_post'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      tenant_region_scope: null,
      cloud_instance_name: new URL(entra.origin).host,
    });
    const common = await fetch(`${entra.origin}/common/v2.0/.well-known/openid-configuration`);
    expect(await common.json()).toMatchObject({ issuer: `${entra.origin}/{tenantid}/v2.0` });
    const domain = await fetch(`${entra.origin}/contoso.example/v2.0/.well-known/openid-configuration`);
    expect(await domain.json()).toMatchObject({ issuer: `${entra.origin}/${DEFAULT_TENANT_ID}/v2.0` });
    const nowhere = await fetch(`${entra.origin}/nowhere.example/v2.0/.well-known/openid-configuration`);
    expect(nowhere.status).toBe(400);
    expect(await nowhere.json()).toMatchObject({ error: 'invalid_tenant', error_codes: [90002] });
  });
});
