import { describe, expect, test } from 'vitest';
import { microsoftCloud } from '../../graph/cloud.ts';
import { createSignIn } from '../../graph/entra/sign-in.ts';
import {
  answering,
  aTokenAnswer,
  aTokenError,
  formOf,
  personId,
  redirectUri,
  settings,
  startTokenEndpoint,
} from './token-endpoint.ts';

const request = {
  settings,
  redirectUri,
  code: 'the-code',
  codeVerifier: 'verifier',
  nonce: 'nonce',
  mailbox: 'own',
} as const;

describe('the sign-in URL', () => {
  test.each(['global', 'usgov', 'dod', 'china'] as const)(
    'leads to the tenant in the cloud %s, filled in, without a prompt',
    async (name) => {
      const cloud = microsoftCloud(name);
      const url = new URL(
        await createSignIn(cloud).buildSignInUrl({
          settings,
          redirectUri,
          signInAs: 'help@contoso.example',
          mailbox: 'own',
          state: 'the-state',
          nonce: 'the-nonce',
          codeChallenge: 'challenge',
        }),
      );
      expect(url.origin + url.pathname).toBe(`${cloud.loginUrl}/${settings.tenantId}/oauth2/v2.0/authorize`);
      expect(Object.fromEntries(url.searchParams)).toMatchObject({
        client_id: settings.clientId,
        response_type: 'code',
        response_mode: 'query',
        redirect_uri: redirectUri,
        scope: `openid profile offline_access ${cloud.graphUrl}/User.Read ${cloud.graphUrl}/Mail.Read`,
        login_hint: 'help@contoso.example',
        domain_hint: 'contoso.example',
        state: 'the-state',
        nonce: 'the-nonce',
        code_challenge: 'challenge',
        code_challenge_method: 'S256',
        claims: expect.stringContaining('"xms_cc":{"values":["CP1"]}'),
      });
      expect(url.searchParams.has('prompt')).toBe(false);
      expect(url.href).not.toContain(encodeURIComponent(settings.clientSecret));
    },
  );

  test('asks only those who sign in for a shared mailbox for that permission', async () => {
    const url = await createSignIn(microsoftCloud('global')).buildSignInUrl({
      settings,
      redirectUri,
      signInAs: 'anna@fabrikam.example',
      mailbox: 'shared',
      state: 's',
      nonce: 'n',
      codeChallenge: 'c',
    });
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      scope:
        'openid profile offline_access https://graph.microsoft.com/User.Read https://graph.microsoft.com/Mail.Read.Shared',
      login_hint: 'anna@fabrikam.example',
      domain_hint: 'fabrikam.example',
    });
  });

  test('points at a simulator on plain http', async () => {
    const signIn = createSignIn(microsoftCloud('simulator', 'http://localhost:4000'));
    const url = await signIn.buildSignInUrl({
      settings,
      redirectUri,
      signInAs: 'help@contoso.example',
      mailbox: 'own',
      state: 's',
      nonce: 'n',
      codeChallenge: 'c',
    });
    expect(url).toMatch(new RegExp(`^http://localhost:4000/${settings.tenantId}/oauth2/v2\\.0/authorize\\?`));
  });

  test('refuses settings that are not complete', async () => {
    const signIn = createSignIn(microsoftCloud('global'));
    const incomplete = { ...settings, clientSecret: '' };
    await expect(signIn.redeem({ ...request, settings: incomplete })).rejects.toMatchObject({
      type: 'SettingsRejected',
      reason: 'settings-missing',
    });
  });
});

test('the admin-consent URL asks for all that any account may ask for', () => {
  const url = new URL(createSignIn(microsoftCloud('global')).adminConsentUrl({ settings, redirectUri, state: 's' }));
  expect(url.origin + url.pathname).toBe(`https://login.microsoftonline.com/${settings.tenantId}/v2.0/adminconsent`);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: settings.clientId,
    redirect_uri: redirectUri,
    state: 's',
    scope:
      'openid profile offline_access https://graph.microsoft.com/User.Read https://graph.microsoft.com/Mail.Read ' +
      'https://graph.microsoft.com/Mail.Read.Shared',
  });
});

describe('redeeming a code', () => {
  test('gives the tokens to keep and who signed in', async () => {
    await using endpoint = await startTokenEndpoint(answering(200, aTokenAnswer()));
    const { identity, tokenCache } = await createSignIn(endpoint.cloud).redeem(request);
    expect(identity).toEqual({
      tenantId: settings.tenantId,
      objectId: personId,
      username: 'help@contoso.example',
      displayName: 'Help desk',
    });
    expect(tokenCache).toContain('refresh-');
    expect(endpoint.seen[0]).toMatchObject({
      method: 'POST',
      url: expect.stringMatching(`^/${settings.tenantId}/oauth2/v2.0/token`),
    });
    expect(Object.fromEntries(formOf(endpoint.seen[0]))).toMatchObject({
      grant_type: 'authorization_code',
      code: 'the-code',
      code_verifier: 'verifier',
      redirect_uri: redirectUri,
      client_id: settings.clientId,
      client_secret: settings.clientSecret,
    });
  });

  test.each([
    ['a nonce of another attempt', {}, { nonce: 'other' }, 'sign-in-mismatch'],
    ['a token for another app', {}, { aud: 'other' }, 'sign-in-mismatch'],
    ['a token that is over', {}, { exp: 1 }, 'sign-in-mismatch'],
    ['an account of another tenant', {}, { tid: '99999999-9999-4999-8999-999999999999' }, 'wrong-tenant'],
    ['no refresh token', { refresh_token: undefined }, {}, 'consent-needed'],
    ['no right to read mail', { scope: 'openid https://graph.microsoft.com/User.Read' }, {}, 'consent-needed'],
  ])('is refused with %s', async (_name, changes, claims, reason) => {
    await using endpoint = await startTokenEndpoint(answering(200, aTokenAnswer(changes, claims)));
    await expect(createSignIn(endpoint.cloud).redeem(request)).rejects.toMatchObject({
      type: 'CredentialRejected',
      reason,
    });
  });

  test('for a shared mailbox needs the permission for shared mail, and no other', async () => {
    const answer = (mail: string) => answering(200, aTokenAnswer({ scope: `User.Read ${mail}` }));
    await using endpoint = await startTokenEndpoint(answer('Mail.Read'), answer('Mail.Read.Shared'));
    const { redeem } = createSignIn(endpoint.cloud);
    await expect(redeem({ ...request, mailbox: 'shared' })).rejects.toMatchObject({ reason: 'consent-needed' });
    await expect(redeem({ ...request, mailbox: 'shared' })).resolves.toBeDefined();
    expect(formOf(endpoint.seen[0]).get('scope')).toContain('https://graph.microsoft.com/Mail.Read.Shared');
  });

  test('works when Microsoft names the scopes in short', async () => {
    await using endpoint = await startTokenEndpoint(answering(200, aTokenAnswer({ scope: 'User.Read Mail.Read' })));
    await expect(createSignIn(endpoint.cloud).redeem(request)).resolves.toBeDefined();
  });

  test.each([
    [400, aTokenError('invalid_grant', 54005), 'CredentialRejected', 'code-expired'],
    [400, aTokenError('invalid_grant', 70008), 'CredentialRejected', 'code-expired'],
    [400, aTokenError('invalid_grant', 501481), 'CredentialRejected', 'sign-in-mismatch'],
    [401, aTokenError('invalid_client', 7000215), 'SettingsRejected', 'secret-wrong'],
    [400, aTokenError('unauthorized_client', 700016), 'SettingsRejected', 'app-not-found'],
    [503, undefined, 'Unavailable', 'service-down'],
  ])('%i with %j is %s %s', async (status, body, type, reason) => {
    await using endpoint = await startTokenEndpoint(answering(status, body));
    const error: unknown = await createSignIn(endpoint.cloud)
      .redeem(request)
      .catch((reason) => reason);
    expect(error).toMatchObject({ type, reason });
    expect(JSON.stringify(error) + String(error)).not.toContain('anna');
    expect(endpoint.seen).toHaveLength(1);
  });

  test('is not sent to another address', async () => {
    await using elsewhere = await startTokenEndpoint(answering(200, aTokenAnswer()));
    await using endpoint = await startTokenEndpoint(answering(307, undefined, { location: elsewhere.url }));
    await expect(createSignIn(endpoint.cloud).redeem(request)).rejects.toMatchObject({
      type: 'Unavailable',
      reason: 'redirected',
      status: 307,
    });
    expect(elsewhere.seen).toEqual([]);
  });
});
