import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_TENANT_ID, MAILROOM_CLIENT_ID, SECOND_TENANT_ID } from '../../simulator/entra/default-directory.ts';
import { authorizeUrl, refresh } from './entra-client.ts';
import { createPageDriver } from './page-driver.ts';
import { type RunningEntra, startEntra } from './start-entra.ts';

describe('the control routes of the directory', () => {
  let entra: RunningEntra;
  beforeAll(async () => {
    entra = await startEntra();
  });
  afterAll(() => entra.close());

  test('make a tenant with an app and a user, and the user signs in to it', async () => {
    const tenant = (await entra.control('POST', '/control/tenants', {
      displayName: 'Northwind',
      domains: ['northwind.example'],
    })) as { tenantId: string };
    const clientId = 'a2b7c4d1-5e60-4f38-9a1c-7d8e2f3b4c5d';
    const app = await entra.control('POST', '/control/apps', {
      clientId,
      tenantId: tenant.tenantId,
      displayName: 'Nightly',
      secrets: [{ value: 'a secret', expiresAt: '2099-01-01T00:00:00Z' }],
      redirectUris: ['https://nightly.example/back'],
      initiateLoginUri: 'https://nightly.example/start',
    });
    expect(app).toMatchObject({
      clientId,
      displayName: 'Nightly',
      secrets: [{ value: 'a secret', expiresAt: '2099-01-01T00:00:00.000Z' }],
      assignmentRequired: false,
      assignedTo: [],
    });
    await entra.control('PUT', '/control/sign-in', { mode: 'auto', as: 'nora@northwind.example' });
    const browser = createPageDriver();
    const fields = { client_id: clientId, redirect_uri: 'https://nightly.example/back', scope: 'openid User.Read' };
    await browser.open(authorizeUrl(entra, fields, 'northwind.example'));
    expect(browser.left?.origin).toBe('https://nightly.example');
    expect(entra.directory.findUser('nora@northwind.example')?.tenantId).toBe(tenant.tenantId);
    await entra.control('DELETE', `/control/apps/${clientId}`);
    await expect(entra.control('GET', `/control/apps/${clientId}`)).rejects.toThrow('404');
    await entra.control('PUT', '/control/sign-in', { mode: 'interactive' });
  });

  test('change only the fields of an app that are given', async () => {
    await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { assignmentRequired: true });
    const app = await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { displayName: 'Post' });
    expect(app).toMatchObject({ assignmentRequired: true, displayName: 'Post', tenantId: DEFAULT_TENANT_ID });
    await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}/assignments/pia@contoso.example`);
    expect(await entra.control('GET', `/control/apps/${MAILROOM_CLIENT_ID}`)).toMatchObject({
      assignedTo: ['pia@contoso.example'],
    });
  });

  test('find a user by alias, principal name and object id, and put unknown domains into the default tenant', async () => {
    const user = (await entra.control('POST', '/control/users', {
      address: 'Shared.Box@Contoso.example',
      displayName: 'Shared box',
      userPrincipalName: 'box01@contoso.example',
      aliases: ['info@contoso.example'],
    })) as { oid: string };
    for (const name of ['SHARED.BOX@contoso.example', 'box01@contoso.example', 'info@contoso.example', user.oid]) {
      expect(entra.directory.findUser(name)?.oid).toBe(user.oid);
    }
    expect(entra.directory.ensureUser('info@contoso.example').oid).toBe(user.oid);
    expect(entra.directory.ensureUser('x@anywhere.example').tenantId).toBe(DEFAULT_TENANT_ID);
    expect(entra.directory.ensureUser('x@fabrikam.example').tenantId).toBe(SECOND_TENANT_ID);
    await expect(
      entra.control('POST', '/control/users', { address: 'thief@contoso.example', aliases: ['info@contoso.example'] }),
    ).rejects.toThrow('409');
    expect(() => entra.directory.ensureUser('no address')).toThrow(TypeError);
  });

  test.each([
    ['POST', '/control/users', { address: 'no address' }],
    ['POST', '/control/users', { address: 'a@b.example', rank: 'general' }],
    ['POST', '/control/apps', { clientId: 'not-a-guid' }],
    ['POST', '/control/apps', { clientId: 'a2b7c4d1-5e60-4f38-9a1c-7d8e2f3b4c5e' }],
    ['PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { redirectUris: ['no uri'] }],
    ['PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { delegatedPermissions: ['Nonsense'] }],
    ['POST', `/control/apps/${MAILROOM_CLIENT_ID}/certificates`, { pem: 'no certificate' }],
    ['POST', '/control/tokens/revoke', { address: 'a@b.example', reason: 'because' }],
    ['PATCH', '/control/tokens/settings', { codeLifetimeSeconds: -1 }],
    ['POST', '/control/tokens', { address: 'a@contoso.example', scope: 'a!b' }],
  ])('refuse %s %s %j with 400 and words', async (method, path, body) => {
    await expect(entra.control(method, path, body)).rejects.toThrow(/400 .*(error|BadRequest)/s);
  });

  test('answer 404 for what is not there', async () => {
    await expect(entra.control('GET', '/control/users/nobody@contoso.example')).rejects.toThrow('404');
    await expect(
      entra.control('POST', '/control/tokens/revoke', { address: 'nobody@contoso.example', reason: 'expired' }),
    ).rejects.toThrow('404');
  });

  test('issue refresh tokens by the thousand, each as good as one from a sign-in', async () => {
    await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { assignmentRequired: false });
    const addresses = { count: 1_000, pattern: 'many{n}@contoso.example' };
    const { tokens } = (await entra.control('POST', '/control/tokens/bulk', { addresses })) as {
      tokens: { address: string; oid: string; refresh_token: string }[];
    };
    expect(tokens).toHaveLength(1_000);
    const last = tokens.at(-1);
    const { status, body } = await refresh(entra, last?.refresh_token);
    expect(status).toBe(200);
    expect(await entra.accessTokens.verify(String(body.access_token))).toMatchObject({ oid: last?.oid });
    expect(entra.directory.findUser('many1000@contoso.example')?.oid).toBe(last?.oid);
  });

  test('refuse a domain that another tenant owns', async () => {
    await expect(entra.control('POST', '/control/tenants', { domains: ['contoso.example'] })).rejects.toThrow('409');
    expect(entra.directory.findTenant('contoso.example')?.tenantId).toBe(DEFAULT_TENANT_ID);
  });
});
