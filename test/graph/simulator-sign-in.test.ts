import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Failure } from '../../domain/failure.ts';
import { type MicrosoftCloud, microsoftCloud } from '../../graph/cloud.ts';
import { acquireAccessToken } from '../../graph/entra/access-token.ts';
import { createSignIn, type SignIn } from '../../graph/entra/sign-in.ts';
import { parseSignInError } from '../../graph/entra/sign-in-error.ts';
import { DEFAULT_TENANT_ID, SECOND_TENANT_ID } from '../../simulator/entra/default-directory.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { comeBack, control, simulatorSettings as settings, signedIn } from './simulated-sign-in.ts';

let simulator: Simulator;
let cloud: MicrosoftCloud;
let signIn: SignIn;

beforeAll(async () => {
  simulator = await startSimulator();
  cloud = microsoftCloud('simulator', simulator.url);
  signIn = createSignIn(cloud);
});
afterAll(() => simulator.close());

const asHelp = { mode: 'auto', as: 'help@contoso.example' };

describe("against the simulator's Entra", () => {
  test('a person signs in, and the code works once', async () => {
    const { query, state, redeem } = await comeBack(cloud, 'help@contoso.example', asHelp);
    expect(query.state).toBe(state);
    const { identity } = await signIn.redeem(redeem);
    expect(identity).toMatchObject({ tenantId: DEFAULT_TENANT_ID, username: 'help@contoso.example' });
    await expect(signIn.redeem(redeem)).rejects.toMatchObject({ type: 'CredentialRejected', reason: 'code-expired' });
  });

  test('a code verifier of another attempt is refused', async () => {
    const { redeem } = await comeBack(cloud, 'help@contoso.example', asHelp);
    await expect(signIn.redeem({ ...redeem, codeVerifier: 'x'.repeat(43) })).rejects.toMatchObject({
      type: 'CredentialRejected',
      reason: 'sign-in-mismatch',
    });
  });

  test.each([
    ['deny', 'consent-denied'],
    ['admin-approval', 'admin-consent-needed'],
  ])('the mode %s comes back as %s', async (mode, reason) => {
    const { query } = await comeBack(cloud, 'new@contoso.example', { mode });
    expect(parseSignInError(query)).toMatchObject({ type: 'CredentialRejected', reason });
  });

  test.each([
    [-2 * 3_600, 'clock-wrong'],
    [2 * 3_600, 'clock-wrong'],
    [-240, undefined],
    [240, undefined],
  ])(
    "a clock of ours that Microsoft's is %i seconds ahead of is named, and tolerated for minutes: %s",
    async (skewSeconds, reason) => {
      await control(simulator.url, 'POST', '/control/faults', { kind: 'clock', skewSeconds });
      try {
        const { redeem } = await comeBack(cloud, 'help@contoso.example', asHelp);
        const outcome = await signIn.redeem(redeem).catch((error: unknown) => error);
        if (reason === undefined) expect(outcome).toMatchObject({ identity: { username: 'help@contoso.example' } });
        else {
          expect(outcome).toMatchObject({ type: 'CredentialRejected', reason });
          const { clockSkewMs } = outcome as Failure;
          expect(Math.abs((clockSkewMs ?? 0) - skewSeconds * 1_000)).toBeLessThan(5_000);
        }
        const findings = await signIn.checkSettings(settings);
        expect(findings).toMatchObject([{ code: 'settings-work' }, { code: 'clock-wrong', severity: 'warning' }]);
        expect(Math.abs((findings[1]?.clockSkewSeconds ?? 0) - skewSeconds)).toBeLessThan(5);
      } finally {
        await control(simulator.url, 'DELETE', '/control/faults');
      }
    },
  );

  test.each([
    [
      { kind: 'entra-refusal', aadsts: 53003, error: 'access_denied', suberror: 'message_only' },
      'CredentialRejected',
      'server-blocked-by-policy',
      'AADSTS53003',
    ],
    [{ kind: 'entra-refusal', aadsts: 530003 }, 'CredentialRejected', 'device-required', 'AADSTS530003'],
    [
      { kind: 'entra-refusal', aadsts: 70043, suberror: 'token_expired' },
      'CredentialRejected',
      'sign-in-frequency',
      'AADSTS70043',
    ],
    [
      { kind: 'entra-refusal', aadsts: 500014, error: 'invalid_resource' },
      'SettingsRejected',
      'resource-disabled',
      'AADSTS500014',
    ],
    [{ kind: 'foreign-answer', status: 200 }, 'Unavailable', 'foreign-answer', '200'],
    [{ kind: 'foreign-answer', status: 302 }, 'Unavailable', 'redirected', '302'],
    [{ kind: 'foreign-answer', status: 403 }, 'Unavailable', 'foreign-answer', '403'],
  ])('a code that is answered by %j is %s %s', async (fault, type, reason, code) => {
    const { redeem } = await comeBack(cloud, 'help@contoso.example', asHelp);
    await control(simulator.url, 'POST', '/control/faults', { ...fault, count: 1, endpoint: 'oauth2' });
    const failure: unknown = await signIn.redeem(redeem).catch((error: unknown) => error);
    expect(failure).toMatchObject({ type, reason, code, requestId: expect.stringMatching(/^[\w-]{36}$/) });
  });

  test('a token lives in the store until it is renewed with the refresh token', async () => {
    const store = await signedIn(cloud, 'renew@contoso.example');
    const { token: first } = await acquireAccessToken({ cloud, settings, store });
    expect((await acquireAccessToken({ cloud, settings, store })).token).toBe(first);
    const { token: renewed } = await acquireAccessToken({ cloud, settings, store, forceRefresh: true });
    expect(renewed).not.toBe(first);
    expect((await acquireAccessToken({ cloud, settings, store })).token).toBe(renewed);
  });

  test('a tenant that is named by its domain finds the same stored token', async () => {
    const byDomain = { ...settings, tenantId: 'contoso.example' };
    const store = await signedIn(cloud, 'domain@contoso.example', byDomain);
    const { token: first } = await acquireAccessToken({ cloud, settings: byDomain, store });
    expect((await acquireAccessToken({ cloud, settings: byDomain, store })).token).toBe(first);
    expect((await acquireAccessToken({ cloud, settings, store })).token).toBe(first);
    expect((await acquireAccessToken({ cloud, settings: byDomain, store, forceRefresh: true })).token).not.toBe(first);
  });

  test('a rejected refresh token asks for a sign-in; a rejected secret does not', async () => {
    const store = await signedIn(cloud, 'fault@contoso.example');
    const request = { cloud, settings, store, forceRefresh: true };
    await control(simulator.url, 'POST', '/control/faults', { kind: 'invalid-grant', count: 1 });
    await expect(acquireAccessToken(request)).rejects.toMatchObject({ type: 'CredentialRejected' });
    await control(simulator.url, 'POST', '/control/faults', { kind: 'invalid-client', count: 1 });
    await expect(acquireAccessToken(request)).rejects.toMatchObject({ type: 'SettingsRejected' });
    const wrong = { ...settings, clientSecret: 'wrong' };
    await expect(acquireAccessToken({ ...request, settings: wrong })).rejects.toMatchObject({
      type: 'SettingsRejected',
      reason: 'secret-wrong',
    });
  });
});

describe("the check of the settings against the simulator's Entra", () => {
  test.each([
    ['right values', {}, 'settings-work'],
    ['the domain of the tenant', { tenantId: 'contoso.example' }, 'settings-work'],
    ['an unknown tenant', { tenantId: '99999999-9999-4999-8999-999999999999' }, 'tenant-not-found'],
    ['an unknown app', { clientId: '99999999-9999-4999-8999-999999999999' }, 'app-not-found'],
    ['the app of another tenant', { tenantId: SECOND_TENANT_ID }, 'app-not-found'],
    ['a wrong secret', { clientSecret: 'wrong' }, 'secret-wrong'],
  ])('%s', async (_name, changes, code) => {
    const findings = await signIn.checkSettings({ ...settings, ...changes });
    expect(findings.map((finding) => finding.code)).toEqual([code]);
  });
});
