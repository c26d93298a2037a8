import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addUser } from '../../database/people/users.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { createPageDriver } from '../simulator/page-driver.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let server: Server;
let api: TestApi;
let url: string;
let issuer: string;

/** As it comes: the secret in the header, the address at UserInfo alone, pages of its own to sign in and approve. */
beforeAll(async () => {
  const [apiPort, issuerPort] = await freePorts(2);
  url = `http://localhost:${apiPort}`;
  issuer = `http://localhost:${issuerPort}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'mailroom',
        client_secret: 'a/secret+with=signs of %every kind',
        redirect_uris: [`${url}/auth/callback`],
        post_logout_redirect_uris: [`${url}/`],
      },
    ],
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: async (_context, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, email: `${sub}@contoso.example`, email_verified: sub !== 'mallory', name: 'Ada' }),
    }),
  });
  server = createServer(provider.callback()).listen(issuerPort, '127.0.0.1');
  await once(server, 'listening');
  const oidc = { issuer, clientId: 'mailroom', clientSecret: 'a/secret+with=signs of %every kind' };
  api = await startTestApi({ api: { publicUrl: url }, oidc });
  await api.app.listen({ host: '127.0.0.1', port: Number(apiPort) });
  for (const name of ['ada', 'mallory']) {
    await addUser(api.db, 'cli', { email: `${name}@contoso.example`, displayName: '', profile: 'Agent' });
  }
});
afterAll(async () => {
  await api.stop();
  server.closeAllConnections();
  server.close();
});

async function signInAs(login: string) {
  const browser = createPageDriver({ stayOn: [new URL(url).host, new URL(issuer).host] });
  await browser.open(`${url}/auth/sign-in?returnTo=/openapi.json`);
  await browser.submit({ login, password: 'x' });
  if (!browser.page.url.startsWith(url)) await browser.press('Continue');
  return browser;
}

it('lets people in by the provider of the package oidc-provider, and out', async () => {
  const browser = await signInAs('ada');
  expect([browser.page.status, browser.page.url]).toEqual([200, `${url}/openapi.json`]);
  const cookie = `mailroom=${browser.cookies.get(new URL(url).host)?.get('mailroom')}`;
  const me = await fetch(`${url}/api/v1/me`, { headers: { cookie } });
  expect(await me.json()).toMatchObject({ name: 'ada@contoso.example', displayName: 'Ada' });
  const out = await fetch(`${url}/auth/sign-out`, {
    method: 'POST',
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
  });
  expect(((await out.json()) as { signOutUrl: string }).signOutUrl).toContain(`${issuer}/session/end`);
});

it('does not let in whose address the provider has not verified', async () => {
  const browser = await signInAs('mallory');
  expect([browser.page.status, new URL(browser.page.url).origin]).toEqual([403, url]);
});
