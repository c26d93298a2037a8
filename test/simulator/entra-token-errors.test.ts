import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  MAILROOM_CLIENT_ID,
  MAILROOM_CLIENT_SECRET,
  SECOND_TENANT_ID,
  SSO_CLIENT_ID,
  SSO_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';
import { obtainCode, obtainTokens, REDIRECT_URI, refresh, requestToken, type TokenAnswer } from './entra-client.ts';
import { type RunningEntra, startEntra } from './start-entra.ts';

/** "400 invalid_grant/suberror 70008": all that a client branches on. */
function verdict({ status, body }: TokenAnswer): string {
  const suberror = body.suberror === undefined ? '' : `/${body.suberror}`;
  return `${status} ${body.error}${suberror} ${(body.error_codes as number[] | undefined)?.join()}`;
}

describe('refusals of the token endpoint', () => {
  let entra: RunningEntra;
  beforeAll(async () => {
    entra = await startEntra();
  });
  afterAll(() => entra.close());

  const redeem = (code: string, fields: Record<string, string | undefined> = {}) =>
    requestToken(entra, { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, ...fields });

  test('have the body of Microsoft, with the correlation id that the client sent', async () => {
    const correlationId = '78b0fdfc-dd0e-4dfb-b13a-d316333783f6';
    const { status, body, headers } = await requestToken(
      entra,
      { grant_type: 'refresh_token', refresh_token: 'nonsense' },
      { headers: { 'client-request-id': correlationId } },
    );
    expect(status).toBe(400);
    expect(Object.keys(body)).toEqual([
      'error',
      'suberror',
      'error_description',
      'error_codes',
      'timestamp',
      'trace_id',
      'correlation_id',
      'error_uri',
    ]);
    expect(body).toMatchObject({ error: 'invalid_grant', suberror: 'bad_token', error_codes: [9002313] });
    expect(body.correlation_id).toBe(correlationId);
    expect(body.timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/);
    expect(body.error_uri).toBe(`${entra.origin}/error?code=9002313`);
    expect(body.error_description).toBe(
      `AADSTS9002313: Invalid request. Request is malformed or invalid.\r\nTrace ID: ${body.trace_id}\r\nCorrelation ID: ${correlationId}\r\nTimestamp: ${body.timestamp}`,
    );
    const explanation = await fetch(String(body.error_uri));
    expect(await explanation.text()).toContain('AADSTS9002313');
    expect(headers.get('x-ms-request-id')).toBe(body.trace_id);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('of a request that is not even one', async () => {
    const url = `${entra.origin}/common/oauth2/v2.0/token`;
    const got = await fetch(url);
    expect(await got.json()).toMatchObject({ error: 'invalid_request', error_codes: [900561] });
    const asJson = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'client_credentials', client_id: { $ne: null } }),
    });
    expect(await asJson.json()).toMatchObject({ error: 'invalid_request', error_codes: [900144] });
    const twice = await fetch(url, { method: 'POST', body: new URLSearchParams('client_id=a&client_id=b') });
    expect(await twice.json()).toMatchObject({ error: 'invalid_request', error_codes: [9000411] });
    expect(verdict(await requestToken(entra, {}))).toBe('400 invalid_request 900144');
    expect(verdict(await requestToken(entra, { grant_type: 'password' }))).toBe('400 unsupported_grant_type 70003');
    expect(verdict(await requestToken(entra, { grant_type: '__proto__' }))).toBe('400 unsupported_grant_type 70003');
    expect(verdict(await redeem('', { client_id: undefined }))).toBe('400 invalid_request 900144');
    expect(verdict(await redeem(''))).toBe('400 invalid_request 900144');
    expect(verdict(await refresh(entra, ''))).toBe('400 invalid_request 900144');
  });

  test('of tenant and app', async () => {
    const grant = { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' };
    expect(verdict(await requestToken(entra, grant, { tenant: 'nowhere.example' }))).toBe('400 invalid_request 90002');
    expect(verdict(await requestToken(entra, grant, { tenant: SECOND_TENANT_ID }))).toBe(
      '400 unauthorized_client 700016',
    );
    expect(verdict(await requestToken(entra, grant, { tenant: 'common' }))).toBe('400 invalid_request 50194');
    const unknown = { ...grant, client_id: '00000000-0000-4000-8000-000000000000' };
    expect(verdict(await requestToken(entra, unknown))).toBe('400 unauthorized_client 700016');
    await entra.control('PUT', `/control/apps/${SSO_CLIENT_ID}`, { enabled: false });
    const disabled = { ...grant, client_id: SSO_CLIENT_ID, client_secret: SSO_CLIENT_SECRET };
    expect(verdict(await requestToken(entra, disabled))).toBe('400 unauthorized_client 7000112');
    await entra.control('PUT', `/control/apps/${SSO_CLIENT_ID}`, { enabled: true });
  });

  test('of the client secret: missing, wrong, expired', async () => {
    const code = await obtainCode(entra, 'secrets@contoso.example');
    expect(verdict(await redeem(code, { client_secret: undefined }))).toBe('401 invalid_client 7000218');
    expect(verdict(await redeem(code, { client_secret: 'wrong' }))).toBe('401 invalid_client 7000215');
    const path = `/control/apps/${MAILROOM_CLIENT_ID}/secrets`;
    await entra.control('POST', path, { value: 'old secret', expiresAt: '2020-01-01T00:00:00Z' });
    expect(verdict(await redeem(code, { client_secret: 'old secret' }))).toBe('401 invalid_client 7000222');
    await entra.control('POST', `${path}/expire`, { value: MAILROOM_CLIENT_SECRET });
    expect(verdict(await redeem(code))).toBe('401 invalid_client 7000222');
    await entra.control('POST', path, { value: MAILROOM_CLIENT_SECRET });
    expect((await redeem(code)).status).toBe(200);
  });

  test('of a code: malformed, unknown, used, expired, of another app, for another redirect URI', async () => {
    const address = 'codes@contoso.example';
    expect(verdict(await redeem('nonsense'))).toBe('400 invalid_grant 9002313');
    expect(verdict(await redeem(`1.A${'x'.repeat(800)}`))).toBe('400 invalid_grant 70000');
    const code = await obtainCode(entra, address);
    const elsewhere = { redirect_uri: 'http://localhost:1/api/v1/email/sign-in/callback' };
    expect(verdict(await redeem(code, elsewhere))).toBe('400 invalid_client 500112');
    expect(verdict(await redeem(code, { redirect_uri: undefined }))).toBe('400 invalid_request 900144');
    const otherApp = { client_id: SSO_CLIENT_ID, client_secret: SSO_CLIENT_SECRET };
    expect(verdict(await redeem(code, otherApp))).toBe('400 invalid_grant 70000');
    expect((await redeem(code)).status).toBe(200);
    expect(verdict(await redeem(code))).toBe('400 invalid_grant 54005');
    await entra.control('PATCH', '/control/tokens/settings', { codeLifetimeSeconds: 0 });
    expect(verdict(await redeem(await obtainCode(entra, address)))).toBe('400 invalid_grant 70008');
    await entra.control('PATCH', '/control/tokens/settings', { codeLifetimeSeconds: 600 });
  });

  test('of a code from another tenant', async () => {
    await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { multiTenant: true });
    const code = await obtainCode(entra, 'foreign@contoso.example');
    const fields = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI };
    expect(verdict(await requestToken(entra, fields, { tenant: SECOND_TENANT_ID }))).toBe('400 invalid_grant 700005');
    expect((await requestToken(entra, fields, { tenant: 'common' })).status).toBe(200);
    await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { multiTenant: false });
  });

  test('of the code verifier', async () => {
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const address = 'pkce@contoso.example';
    const s256 = { code_challenge: challenge, code_challenge_method: 'S256' };
    const code = await obtainCode(entra, address, s256);
    expect(verdict(await redeem(code))).toBe('400 invalid_grant 501481');
    expect(verdict(await redeem(code, { code_verifier: `${verifier}x` }))).toBe('400 invalid_grant 501481');
    expect((await redeem(code, { code_verifier: verifier })).status).toBe(200);
    const plain = await obtainCode(entra, address, { code_challenge: verifier });
    expect(verdict(await redeem(plain, { code_verifier: challenge }))).toBe('400 invalid_grant 501481');
    expect((await redeem(plain, { code_verifier: verifier })).status).toBe(200);
    const without = await obtainCode(entra, address);
    expect(verdict(await redeem(without, { code_verifier: verifier }))).toBe('400 invalid_grant 501481');
  });

  test('of the scope', async () => {
    const { refresh_token: token } = await obtainTokens(entra, 'scopes@contoso.example');
    expect(verdict(await refresh(entra, token, { scope: 'Mail.Send' }))).toBe(
      '400 invalid_grant/consent_required 65001',
    );
    expect(verdict(await refresh(entra, token, { scope: 'a!b' }))).toBe('400 invalid_scope 70011');
    const other = { scope: 'https://vault.example/.default' };
    expect(verdict(await refresh(entra, token, other))).toBe('400 invalid_resource 500011');
    expect((await refresh(entra, token, { scope: 'https://graph.microsoft.com/mail.read' })).status).toBe(200);
  });

  test('of client credentials: scope other than .default, and no tenant', async () => {
    const grant = { grant_type: 'client_credentials' };
    expect(verdict(await requestToken(entra, grant))).toBe('400 invalid_request 900144');
    expect(verdict(await requestToken(entra, { ...grant, scope: 'Mail.Read' }))).toBe('400 invalid_scope 1002012');
    await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { multiTenant: true });
    const scope = 'https://graph.microsoft.com/.default';
    expect(verdict(await requestToken(entra, { ...grant, scope }, { tenant: 'common' }))).toBe(
      '400 invalid_request 50059',
    );
    await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { multiTenant: false });
  });

  test.each([
    ['password-changed', '400 invalid_grant/bad_token 50173'],
    ['session-revoked', '400 invalid_grant/bad_token 50173'],
    ['consent-withdrawn', '400 invalid_grant/consent_required 65001'],
    ['sign-in-frequency', '400 invalid_grant/bad_token 70043'],
    ['expired', '400 invalid_grant 700082'],
  ])('of a refresh token after %s, until the user signs in again', async (reason, expected) => {
    const address = `${reason}@contoso.example`;
    const claims = JSON.stringify({ access_token: { xms_cc: { values: ['CP1'] } } });
    const before = await obtainTokens(entra, address, { claims });
    await entra.control('POST', '/control/tokens/revoke', { address, reason });
    expect(verdict(await refresh(entra, before.refresh_token))).toBe(expected);
    const refused = reason === 'expired' ? 'expired' : 'revoked';
    expect(await entra.accessTokens.verify(String(before.access_token))).toEqual({ refused });
    const after = await obtainTokens(entra, address, { claims });
    expect((await refresh(entra, after.refresh_token)).status).toBe(200);
    expect(await entra.accessTokens.verify(String(after.access_token))).toMatchObject({ clientId: MAILROOM_CLIENT_ID });
    expect(verdict(await refresh(entra, before.refresh_token))).toBe(expected);
  });

  test('leave the access token of a client without the capability cp1 alone until it expires', async () => {
    const address = 'no-cae@contoso.example';
    const { access_token: token } = await obtainTokens(entra, address);
    await entra.control('POST', '/control/tokens/revoke', { address, reason: 'password-changed' });
    expect(await entra.accessTokens.verify(String(token))).toMatchObject({
      scopes: expect.arrayContaining(['Mail.Read']),
    });
  });

  test('of a user who was disabled, deleted, blocked, unassigned, or needs a second factor', async () => {
    const address = 'unlucky@contoso.example';
    const path = `/control/users/${address}`;
    const { refresh_token: token } = await obtainTokens(entra, address);
    await entra.control('PATCH', path, { enabled: false });
    expect(verdict(await refresh(entra, token))).toBe('400 invalid_grant 50057');
    await entra.control('PATCH', path, { enabled: true, blockedByPolicy: true });
    expect(verdict(await refresh(entra, token))).toBe('400 interaction_required/message_only 53003');
    await entra.control('PATCH', path, { blockedByPolicy: false, mfaRequired: true });
    const challenged = await refresh(entra, token);
    expect(verdict(challenged)).toBe('400 interaction_required/basic_action 50076');
    expect(JSON.parse(String(challenged.body.claims))).toHaveProperty('access_token');
    await entra.control('PATCH', path, { mfaRequired: false });
    await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { assignmentRequired: true });
    expect(verdict(await refresh(entra, token))).toBe('400 invalid_grant 50105');
    await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { assignmentRequired: false });
    expect((await refresh(entra, token)).status).toBe(200);
    await entra.control('DELETE', path);
    expect(verdict(await refresh(entra, token))).toBe('400 invalid_grant 50034');
  });

  test('of an old refresh token only under strict rotation', async () => {
    const { refresh_token: first } = await obtainTokens(entra, 'rotation@contoso.example');
    const second = await refresh(entra, first);
    expect(second.body.refresh_token).not.toBe(first);
    expect((await refresh(entra, first)).status).toBe(200);
    await entra.control('PATCH', '/control/tokens/settings', { supersededRefreshTokenLifetimeSeconds: 0 });
    expect(verdict(await refresh(entra, first))).toBe('400 invalid_grant 70000');
    expect((await refresh(entra, second.body.refresh_token)).status).toBe(200);
    await entra.control('PATCH', '/control/tokens/settings', { supersededRefreshTokenLifetimeSeconds: null });
  });

  test('of a refresh token after its life, and of one that belongs to another app', async () => {
    await entra.control('PATCH', '/control/tokens/settings', { refreshTokenLifetimeSeconds: 0 });
    const { refresh_token: dead } = await obtainTokens(entra, 'late@contoso.example');
    await entra.control('PATCH', '/control/tokens/settings', { refreshTokenLifetimeSeconds: 90 * 24 * 3600 });
    expect(verdict(await refresh(entra, dead))).toBe('400 invalid_grant 700082');
    const { refresh_token: token } = await obtainTokens(entra, 'late@contoso.example');
    const otherApp = { client_id: SSO_CLIENT_ID, client_secret: SSO_CLIENT_SECRET };
    expect(verdict(await refresh(entra, token, otherApp))).toBe('400 invalid_grant 70000');
  });

  test('by faults that were switched on: for the mailbox, and for the token endpoint only', async () => {
    const address = 'faulty@contoso.example';
    const { refresh_token: token } = await obtainTokens(entra, address);
    const { refresh_token: other } = await obtainTokens(entra, 'spared@contoso.example');
    const fault = { mailbox: address, endpoint: 'token', count: 1 } as const;
    entra.faults.add({ kind: 'invalid-grant', ...fault });
    expect((await refresh(entra, other)).status).toBe(200);
    expect(verdict(await refresh(entra, token))).toBe('400 invalid_grant 700082');
    entra.faults.add({ kind: 'invalid-client', ...fault });
    expect(verdict(await refresh(entra, token))).toBe('401 invalid_client 7000215');
    entra.faults.add({ kind: 'throttle', retryAfterSeconds: 7, ...fault });
    const throttled = await refresh(entra, token);
    expect(verdict(throttled)).toBe('429 temporarily_unavailable 90055');
    expect(throttled.headers.get('retry-after')).toBe('7');
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: String(token),
      client_id: MAILROOM_CLIENT_ID,
      client_secret: MAILROOM_CLIENT_SECRET,
    });
    const url = `${entra.origin}/contoso.example/oauth2/v2.0/token`;
    entra.faults.add({ kind: 'unavailable', retryAfterSeconds: 3, ...fault });
    const unavailable = await fetch(url, { method: 'POST', body });
    expect([unavailable.status, unavailable.headers.get('retry-after')]).toEqual([503, '3']);
    await unavailable.text();
    entra.faults.add({ kind: 'reset', ...fault });
    await expect(fetch(url, { method: 'POST', body })).rejects.toThrow('fetch failed');
    expect((await refresh(entra, token)).status).toBe(200);
  });

  test('are counted, beside what succeeded', async () => {
    const { refresh_token: token } = await obtainTokens(entra, 'counted@contoso.example');
    entra.stats.reset();
    await refresh(entra, token);
    await refresh(entra, 'nonsense');
    const { endpoints, statuses, tokenRequests } = entra.stats.snapshot();
    expect(tokenRequests).toEqual({ total: 2, byGrant: { refresh_token: 2 }, refused: 1 });
    expect(endpoints).toEqual({ 'POST /oauth2/v2.0/token': 2 });
    expect(statuses).toEqual({ 200: 1, 400: 1 });
  });
});
