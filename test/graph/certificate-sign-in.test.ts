import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClientCertificate } from '../../encryption/client-certificate.ts';
import { type MicrosoftCloud, microsoftCloud } from '../../graph/cloud.ts';
import { acquireAccessToken } from '../../graph/entra/access-token.ts';
import type { EntraSettings } from '../../graph/entra/entra-settings.ts';
import { createSignIn } from '../../graph/entra/sign-in.ts';
import { MAILROOM_CLIENT_ID } from '../../simulator/entra/default-directory.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { makeClientCertificate, type TestCertificate } from '../simulator/client-certificate.ts';
import { control, signedIn, simulatorSettings } from './simulated-sign-in.ts';
import { answering, aTokenAnswer, formOf, settings as someSettings, startTokenEndpoint } from './token-endpoint.ts';

let simulator: Simulator;
let cloud: MicrosoftCloud;
let registered: TestCertificate;
beforeAll(async () => {
  simulator = await startSimulator();
  cloud = microsoftCloud('simulator', simulator.url);
  registered = await register(await makeClientCertificate());
});
afterEach(() => control(simulator.url, 'DELETE', '/control/faults'));
afterAll(() => simulator.close());

async function register(certificate: TestCertificate): Promise<TestCertificate> {
  await control(simulator.url, 'POST', `/control/apps/${MAILROOM_CLIENT_ID}/certificates`, { pem: certificate.pem });
  return certificate;
}

const asClient = ({ pem, keyPem }: TestCertificate): ClientCertificate => ({ certificate: pem, privateKey: keyPem });
const by = (certificate: TestCertificate, more: Partial<EntraSettings> = {}): EntraSettings => ({
  ...simulatorSettings,
  clientSecret: '',
  certificate: asClient(certificate),
  ...more,
});
const check = async (settings: EntraSettings) => await createSignIn(cloud).checkSettings(settings);

describe('a certificate in place of the client secret', () => {
  it('signs a mailbox in, renews its tokens, and passes the check, without a secret being sent', async () => {
    const settings = by(registered);
    const store = await signedIn(cloud, 'certified@contoso.example', settings);
    const before = (await acquireAccessToken({ cloud, settings, store })).token;
    const renewed = await acquireAccessToken({ cloud, settings, store, forceRefresh: true });
    expect(renewed.token).not.toBe(before);
    expect(await check(settings)).toMatchObject([{ code: 'settings-work' }]);
  });

  it('proves itself as Entra wants it: PS256, its SHA-256 thumbprint, for the token endpoint, once, for ten minutes', async () => {
    await using endpoint = await startTokenEndpoint(answering(200, aTokenAnswer()));
    const settings = { ...someSettings, clientSecret: '', certificate: asClient(registered) };
    const request = {
      settings,
      redirectUri: 'x',
      code: 'c',
      codeVerifier: 'v',
      nonce: 'nonce',
      mailbox: 'own' as const,
    };
    await createSignIn(endpoint.cloud).redeem(request);
    const form = formOf(endpoint.seen[0]);
    expect(form.get('client_secret')).toBe(null);
    const assertion = form.get('client_assertion') ?? '';
    expect(decodeProtectedHeader(assertion)).toMatchObject({ alg: 'PS256', 'x5t#S256': registered.thumbprint });
    const { aud, iss, sub, jti, nbf = 0, exp = 0 } = decodeJwt(assertion);
    expect({ aud, iss, sub }).toEqual({
      aud: `${endpoint.cloud.loginUrl}/${settings.tenantId}/oauth2/v2.0/token`,
      iss: settings.clientId,
      sub: settings.clientId,
    });
    expect(jti).toMatch(/^[\da-f-]{36}$/);
    expect(exp - nbf).toBe(600);
  });

  it('that Entra does not know, or that is over, is named as such', async () => {
    const [stranger, over] = await Promise.all([
      makeClientCertificate(),
      makeClientCertificate({ notBefore: new Date(Date.now() - 86_400_000), notAfter: new Date(Date.now() - 1_000) }),
    ]);
    await register(over);
    expect(await check(by(stranger))).toMatchObject([
      { code: 'client-certificate-refused', field: 'certificate', reference: 'AADSTS700027' },
    ]);
    expect(await check(by(over))).toMatchObject([{ code: 'client-certificate-expired', field: 'certificate' }]);
    const store = await signedIn(cloud, 'over@contoso.example');
    const ask = (settings: EntraSettings) => acquireAccessToken({ cloud, settings, store, forceRefresh: true });
    await expect(ask(by(over))).rejects.toMatchObject({
      type: 'SettingsRejected',
      reason: 'client-certificate-expired',
      code: 'AADSTS700027',
    });
    await expect(ask(by(stranger))).rejects.toMatchObject({ reason: 'client-certificate-refused' });
  });

  it('that is not valid yet is refused before Entra is asked', async () => {
    const tomorrow = await makeClientCertificate({ notBefore: new Date(Date.now() + 86_400_000) });
    expect(await check(by(tomorrow))).toMatchObject([{ code: 'client-certificate-expired', severity: 'error' }]);
  });

  it('and what was before stand in for each other while Entra knows only one of them', async () => {
    const next = await makeClientCertificate();
    const store = await signedIn(cloud, 'rotated@contoso.example');
    const ask = (settings: EntraSettings) => acquireAccessToken({ cloud, settings, store, forceRefresh: true });
    const { clientSecret } = simulatorSettings;
    expect((await ask(by(next, { previousSecret: clientSecret }))).token).not.toBe('');
    expect((await ask(by(next, { previousCertificate: asClient(registered) }))).token).not.toBe('');
    const back = { ...simulatorSettings, clientSecret: 'not yet known', previousCertificate: asClient(registered) };
    expect((await ask(back)).token).not.toBe('');
    await expect(ask(by(next, { previousSecret: 'wrong' }))).rejects.toMatchObject({
      reason: 'client-certificate-refused',
    });
  });

  it('blames the clock, where that is what Entra has against the signature', async () => {
    await control(simulator.url, 'POST', '/control/faults', { kind: 'clock', skewSeconds: 2 * 3_600 });
    const [finding, ...others] = await check(by(registered));
    expect([finding, others]).toMatchObject([
      { code: 'clock-wrong', severity: 'error', reference: 'AADSTS700024' },
      [],
    ]);
    expect(Math.abs((finding?.clockSkewSeconds ?? 0) - 7_200)).toBeLessThan(5);
  });
});
