import { describe, expect, test } from 'vitest';
import { microsoftCloud } from '../../graph/cloud.ts';
import type { EntraSettings } from '../../graph/entra/entra-settings.ts';
import { settingsFinding, settingsFindingCodes } from '../../graph/entra/settings-finding.ts';
import { createSignIn } from '../../graph/entra/sign-in.ts';
import { answering, aTokenError, formOf, settings, startTokenEndpoint } from './token-endpoint.ts';

/** Nothing listens there: what is visible in the values must not need the network. */
const nowhere = microsoftCloud('simulator', 'http://127.0.0.1:9');
const discovery = answering(200, { issuer: 'x' });

async function codesFor(changes: Partial<EntraSettings>, cloud = nowhere) {
  const findings = await createSignIn(cloud).checkSettings({ ...settings, ...changes });
  return findings.map(({ code }) => code);
}

describe('checking the global properties', () => {
  test('says that they work when Entra gives the app a token', async () => {
    await using endpoint = await startTokenEndpoint(
      discovery,
      answering(200, { token_type: 'Bearer', expires_in: 3_599, access_token: 'app' }),
    );
    const findings = await createSignIn(endpoint.cloud).checkSettings(settings);
    expect(findings).toEqual([expect.objectContaining({ code: 'settings-work', severity: 'ok' })]);
    expect(endpoint.seen[0]?.url).toBe(`/${settings.tenantId}/v2.0/.well-known/openid-configuration`);
    expect(Object.fromEntries(formOf(endpoint.seen[1]))).toMatchObject({
      grant_type: 'client_credentials',
      scope: 'https://graph.microsoft.com/.default',
      client_secret: settings.clientSecret,
    });
  });

  test.each([
    ['tenantId', '', 'tenant-id-missing'],
    ['tenantId', 'Common', 'tenant-id-shared'],
    ['tenantId', 'my tenant', 'tenant-id-malformed'],
    ['tenantId', 'localhost', 'tenant-id-malformed'],
    ['clientId', '', 'client-id-missing'],
    ['clientId', 'mailroom', 'client-id-malformed'],
    ['clientSecret', '', 'client-secret-missing'],
  ] as const)('sees without asking anybody that %s %j is %s', async (field, value, code) => {
    const findings = await createSignIn(nowhere).checkSettings({ ...settings, [field]: value });
    expect(findings).toEqual([expect.objectContaining({ code, severity: 'error', field })]);
  });

  test('reports all that is visible at once', async () => {
    expect(await codesFor({ tenantId: '', clientId: 'x', clientSecret: '' })).toEqual([
      'tenant-id-missing',
      'client-id-malformed',
      'client-secret-missing',
    ]);
  });

  test('takes a domain for a tenant', async () => {
    await using endpoint = await startTokenEndpoint(discovery, answering(200, { access_token: 'x', expires_in: 1 }));
    expect(await codesFor({ tenantId: 'contoso.onmicrosoft.com' }, endpoint.cloud)).toEqual(['settings-work']);
  });

  test('a tenant that does not exist is told by its discovery document', async () => {
    await using endpoint = await startTokenEndpoint(answering(400, aTokenError('invalid_tenant', 90002)));
    expect(await codesFor({}, endpoint.cloud)).toEqual(['tenant-not-found']);
    expect(endpoint.seen).toHaveLength(1);
  });

  test.each([
    [400, aTokenError('unauthorized_client', 700016), 'app-not-found', 'clientId'],
    [401, aTokenError('invalid_client', 7000215), 'secret-wrong', 'clientSecret'],
    [401, aTokenError('invalid_client', 7000222), 'secret-expired', 'clientSecret'],
    [400, aTokenError('invalid_request', 900144), 'answer-unknown', undefined],
    [429, undefined, 'login-throttled', undefined],
    [503, undefined, 'login-unreachable', undefined],
  ])('%i %j means %s', async (status, body, code, field) => {
    await using endpoint = await startTokenEndpoint(discovery, answering(status, body));
    const findings = await createSignIn(endpoint.cloud).checkSettings(settings);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.code).toBe(code);
    expect(findings[0]?.field).toBe(field);
    if (body) expect(findings[0]?.reference).toBe(`AADSTS${body.error_codes[0]}`);
    expect(JSON.stringify(findings)).not.toContain('anna');
  });

  test('a wrong secret that looks like the ID of one comes with that hint first', async () => {
    await using endpoint = await startTokenEndpoint(discovery, answering(401, aTokenError('invalid_client', 7000215)));
    const clientSecret = '44444444-4444-4444-8444-444444444444';
    expect(await codesFor({ clientSecret }, endpoint.cloud)).toEqual(['secret-looks-like-id', 'secret-wrong']);
  });

  test('an unreachable host is told from wrong values', async () => {
    expect(await codesFor({})).toEqual(['login-unreachable']);
  });

  test('every finding is whole sentences, with a next step', () => {
    for (const code of settingsFindingCodes) {
      const { message, nextStep } = settingsFinding(code);
      expect(message, code).toMatch(/^["A-Z].*\.$/);
      expect(nextStep, code).toMatch(/^[A-Z].*\.$/);
    }
  });
});
