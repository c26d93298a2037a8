import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ConfidentialClientApplication } from '@azure/msal-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureCertificates } from '../../simulator/certificates.ts';
import {
  DEFAULT_TENANT_ID,
  MAILROOM_CLIENT_ID,
  MAILROOM_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';
import { REDIRECT_URI } from './entra-client.ts';
import { createPageDriver } from './page-driver.ts';
import { type RunningEntra, startEntra } from './start-entra.ts';

describe('@azure/msal-node over https with the authority of the simulator', () => {
  const trusted = getCACertificates('default');
  let folder: string;
  let entra: RunningEntra;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certificates-'));
    const { key, cert, authorityFile } = await ensureCertificates(folder);
    // What NODE_EXTRA_CA_CERTS does for a process that starts with it.
    setDefaultCACertificates([...trusted, await readFile(authorityFile, 'utf8')]);
    entra = await startEntra({ https: { key, cert } });
    await entra.control('PUT', '/control/sign-in', { mode: 'auto' });
  });
  afterAll(async () => {
    await entra.close();
    setDefaultCACertificates(trusted);
    await rm(folder, { recursive: true, force: true });
  });

  test('discovers the endpoints itself, signs in, and renews silently', async () => {
    const client = new ConfidentialClientApplication({
      auth: {
        clientId: MAILROOM_CLIENT_ID,
        clientSecret: MAILROOM_CLIENT_SECRET,
        authority: `${entra.origin}/${DEFAULT_TENANT_ID}`,
        knownAuthorities: [new URL(entra.origin).host],
      },
    });
    const scopes = ['https://graph.microsoft.com/Mail.Read'];
    const request = { scopes, redirectUri: REDIRECT_URI };
    const browser = createPageDriver();
    await browser.open(await client.getAuthCodeUrl({ ...request, loginHint: 'tls@contoso.example' }));
    const code = browser.left?.searchParams.get('code') ?? '';
    const { account, accessToken } = await client.acquireTokenByCode({ ...request, code });
    expect(account?.username).toBe('tls@contoso.example');
    expect(await entra.accessTokens.verify(accessToken)).toMatchObject({
      scopes: expect.arrayContaining(['Mail.Read']),
    });
    if (!account) throw new Error('no account');
    expect((await client.acquireTokenSilent({ account, scopes })).fromCache).toBe(true);
    expect((await client.acquireTokenSilent({ account, scopes, forceRefresh: true })).fromCache).toBe(false);
  });

  test('sends its session cookie to https only', async () => {
    const url = `${entra.origin}/myapps/sign-in`;
    const body = new URLSearchParams({ step: 'password', address: 'tls@contoso.example', password: 'x' });
    const response = await fetch(url, { method: 'POST', body, redirect: 'manual' });
    expect(response.headers.get('set-cookie')).toMatch(/^SSO=.+; HttpOnly; SameSite=Lax; .*Secure$/);
  });
});
