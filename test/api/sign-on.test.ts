import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { safeReturnPath } from '../../api/sign-on/return-path.ts';
import { addUser } from '../../database/people/users.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import {
  DEFAULT_ADMINISTRATOR,
  DEFAULT_TENANT_ID,
  SSO_CLIENT_ID,
  SSO_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { createPageDriver, type PageDriver } from '../simulator/page-driver.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let simulator: Simulator;
let api: TestApi;
let url: string;
let issuer: string;
let browser: PageDriver;

beforeAll(async () => {
  simulator = await startSimulator();
  issuer = `http://localhost:${simulator.port}/${DEFAULT_TENANT_ID}/v2.0`;
  const [port = 0] = await freePorts(1);
  url = `http://localhost:${port}`;
  const oidc = { issuer, clientId: SSO_CLIENT_ID, clientSecret: SSO_CLIENT_SECRET };
  api = await startTestApi({ api: { publicUrl: url }, oidc });
  await api.app.listen({ host: '127.0.0.1', port });
  expect((api.app.server.address() as AddressInfo).port).toBe(port);
});
afterAll(async () => {
  await api.stop();
  await simulator.close();
});
beforeEach(() => {
  browser = newBrowser();
});

const newBrowser = () => createPageDriver({ stayOn: [new URL(url).host, `localhost:${simulator.port}`] });

/** Walks from the provider's pages back to ours, as a person would. */
async function signInAs(address: string, { start = `${url}/auth/sign-in` } = {}): Promise<void> {
  await browser.open(start);
  for (let pages = 0; !browser.page.url.startsWith(url) && pages < 6; pages++) {
    const { title } = browser.page;
    if (title === 'Sign in to your account') await browser.submit({ address });
    else if (title === 'Enter password') await browser.submit({ password: 'a password' });
    else if (title === 'Permissions requested') await browser.press('Approve');
    else throw new Error(`Stopped at "${title}": ${browser.page.text}`);
  }
}

const cookie = () => `mailroom=${browser.cookies.get(new URL(url).host)?.get('mailroom')}`;
const me = async () => {
  const response = await fetch(`${url}/api/v1/me`, { headers: { cookie: cookie() } });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
};
const add = (email: string, profile: 'Admin' | 'Agent' = 'Agent') =>
  addUser(api.db, 'cli', { email, displayName: '', profile });

describe('signing in', () => {
  it('refuses whom nobody has added, in words, and makes no session', async () => {
    await signInAs('stranger@contoso.example');
    expect(browser.page.status).toBe(403);
    expect(browser.page.title).toContain('You are not a user of Mailroom yet');
    expect(browser.page.text).toContain('stranger@contoso.example signed in, but this address has not been added');
    expect((await me()).status).toBe(401);
    expect(api.log()).not.toContain('stranger@');
  });

  it('lets a user in who was added, and returns to the page that was wanted', async () => {
    const id = await add(DEFAULT_ADMINISTRATOR, 'Admin');
    await signInAs(DEFAULT_ADMINISTRATOR, { start: `${url}/auth/sign-in?returnTo=%2Fapi%2Fv1%2Fqueues%3Fx` });
    expect(browser.page.url).toBe(`${url}/api/v1/queues?x`);
    expect((await me()).json).toMatchObject({ id, profile: 'Admin', displayName: 'Ada Administrator' });
    await browser.open(url);
    expect(browser.page.text).toContain('Signed in as Ada Administrator');
    const { json } = await api.call('GET', `/api/v1/users/${id}`);
    expect(json).toMatchObject({ bound: true, lastSignedInAt: expect.any(String) });
  });

  it('asks for nothing when the provider has a session, and gives a new session id each time', async () => {
    await add('again@contoso.example');
    await signInAs('again@contoso.example');
    const first = cookie();
    const page = await browser.open(`${url}/auth/sign-in`);
    expect(page.url).toBe(`${url}/`);
    expect(cookie()).not.toBe(first);
    const old = await fetch(`${url}/api/v1/me`, { headers: { cookie: first } });
    expect(old.status).toBe(401);
  });

  it('refuses a user who is disabled', async () => {
    const id = await add('paused@contoso.example');
    await api.call('PATCH', `/api/v1/users/${id}`, { body: { enabled: false } });
    await signInAs('paused@contoso.example');
    expect([browser.page.status, browser.page.title]).toEqual([403, expect.stringContaining('Your user is disabled')]);
  });

  it('is the person from then on, not the address: another subject with the address is refused', async () => {
    const id = await add('inherited@contoso.example');
    await api.db.updateTable('users').set({ issuer, subject: 'the one before' }).where('id', '=', id).execute();
    await signInAs('inherited@contoso.example');
    expect(browser.page.title).toContain('This address belongs to another identity');

    // And the person comes in whatever the address of the user has become.
    await add('renamed@contoso.example');
    browser = newBrowser();
    await signInAs('renamed@contoso.example');
    await api.db
      .updateTable('users')
      .set({ email: 'new-name@contoso.example' })
      .where('email', '=', 'renamed@contoso.example')
      .execute();
    browser = newBrowser();
    await signInAs('renamed@contoso.example');
    expect((await me()).json).toMatchObject({ name: 'new-name@contoso.example' });
  });

  it('ends in the browser in which it began, and once', async () => {
    await add('bound@contoso.example');
    const began = await fetch(`${url}/auth/sign-in`, { redirect: 'manual' });
    const [signInCookie = ''] = began.headers.getSetCookie();
    expect(signInCookie).toMatch(/^mailroom-sign-in=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
    const visitor = createPageDriver({ stayOn: [`localhost:${simulator.port}`] });
    await visitor.open(began.headers.get('location') ?? '');
    await visitor.submit({ address: 'bound@contoso.example' });
    await visitor.submit({ password: 'x' });
    const back = visitor.left?.href ?? '';
    expect(back).toContain(`${url}/auth/callback?code=`);

    const elsewhere = await fetch(back, { redirect: 'manual' });
    expect([elsewhere.status, await elsewhere.text()]).toEqual([
      400,
      expect.stringContaining('began in another browser'),
    ]);
    const headers = { cookie: signInCookie.split(';')[0] ?? '' };
    const here = await fetch(back, { redirect: 'manual', headers });
    expect([here.status, here.headers.get('location')]).toEqual([303, '/']);
    expect(here.headers.getSetCookie().join()).toMatch(
      /mailroom=[\w-]{43}; Max-Age=86400; Path=\/; HttpOnly; SameSite=Lax/,
    );
    expect((await fetch(back, { redirect: 'manual', headers })).status).toBe(400);
    expect(api.log()).not.toContain('code=');
  });

  it('says so when the provider did not let the person in', async () => {
    const began = await fetch(`${url}/auth/sign-in`, { redirect: 'manual' });
    const state = new URL(began.headers.get('location') ?? '').searchParams.get('state');
    const headers = { cookie: began.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
    const page = await fetch(`${url}/auth/callback?error=access_denied&state=${state}`, { headers });
    expect([page.status, await page.text()]).toEqual([403, expect.stringContaining('refused the sign-in')]);
  });

  it('starts at the dashboard of apps of the provider', async () => {
    await add('tiles@contoso.example');
    const start = new URL(`${url}/auth/initiate`);
    start.search = String(
      new URLSearchParams({ iss: issuer, login_hint: 'tiles@contoso.example', target_link_uri: `${url}/docs` }),
    );
    const redirect = await fetch(start, { redirect: 'manual' });
    expect(new URL(redirect.headers.get('location') ?? '').searchParams.get('login_hint')).toBe(
      'tiles@contoso.example',
    );
    const byForm = await fetch(`${url}/auth/initiate`, {
      method: 'POST',
      redirect: 'manual',
      body: start.searchParams,
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(byForm.status).toBe(303);

    // Microsoft's own dashboard names no issuer.
    expect((await fetch(`${url}/auth/initiate`, { redirect: 'manual' })).status).toBe(303);

    const other = await fetch(`${url}/auth/initiate?iss=https%3A%2F%2Fevil.example`, { redirect: 'manual' });
    expect([other.status, await other.text()]).toEqual([400, expect.stringContaining('Another identity provider')]);
  });

  it('ends with signing out, here and where the provider ends it', async () => {
    await add('leaving@contoso.example');
    await signInAs('leaving@contoso.example');
    const headers = { cookie: cookie(), 'sec-fetch-site': 'same-origin' };
    const response = await fetch(`${url}/auth/sign-out`, { method: 'POST', headers });
    const { signOutUrl } = (await response.json()) as { signOutUrl: string };
    expect(signOutUrl).toContain(`/${DEFAULT_TENANT_ID}/oauth2/v2.0/logout`);
    expect(response.headers.getSetCookie().join()).toContain('mailroom=;');
    expect((await fetch(`${url}/api/v1/me`, { headers })).status).toBe(401);
  });
});

describe('a provider that is away', () => {
  it('stops nobody from starting, and is asked again', async () => {
    const [port = 0] = await freePorts(1);
    const oidc = {
      issuer: `http://localhost:${port}/${DEFAULT_TENANT_ID}/v2.0`,
      clientId: SSO_CLIENT_ID,
      clientSecret: 'x',
    };
    const early = await startTestApi({ oidc });
    try {
      const away = await early.call('GET', '/auth/sign-in', { key: null });
      expect([away.status, away.text]).toEqual([503, expect.stringContaining('The identity provider does not answer')]);
      expect(away.headers['content-type']).toContain('text/html');
      const late = await startSimulator({ port });
      expect((await early.call('GET', '/auth/sign-in', { key: null })).status).toBe(303);
      await late.close();
    } finally {
      await early.stop();
    }
  });

  it.each([
    ['http://login.example/v2.0', 'must begin with https'],
    ['https://login.microsoftonline.com/common/v2.0', 'must name one tenant'],
  ])('is refused at start when it is %s', async (wrong, words) => {
    const oidc = { issuer: wrong, clientId: 'x', clientSecret: 'x' };
    const { createSignOnProvider } = await import('../../api/sign-on/provider.ts');
    expect(() => createSignOnProvider(oidc, 'http://localhost:3000/auth/callback')).toThrow(words);
  });

  it('is not there at all where none is configured: a page says that only keys work', async () => {
    const without = await startTestApi();
    const page = await without.call('GET', '/auth/sign-in', { key: null });
    expect([page.status, page.text]).toEqual([404, expect.stringContaining('OIDC_ISSUER')]);
    await without.stop();
  });
});

describe('pages that anybody may open', () => {
  it('forbid to be framed, to be kept, and to run anything', async () => {
    for (const path of ['/', '/auth/callback', '/api/v1/email/sign-in/callback', '/docs']) {
      const { headers } = await api.call('GET', path, { key: null });
      expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers['content-security-policy']).not.toMatch(/unsafe-inline|unsafe-eval|\*/);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' });
    }
  });
});

describe('the path to return to', () => {
  it.each(['/', '/queues', '/config/email?tab=1', '/a%20b', '/a//b', '/authors'])('may be %s', (path) => {
    expect(safeReturnPath(path, 'http://localhost:3000')).toBe(path);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '\\\\evil.example',
    '/..//evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    '/%2e%2e//evil.example',
    '/.\\\\evil.example',
    '/..\t//evil.example',
    '/\n/evil.example',
    '/../\\evil.example/',
    '/%61uth/sign-in',
    '/a/..//auth/sign-in',
    'https://evil.example',
    'javascript:alert(1)',
    'queues',
    '',
    '/auth/sign-in',
    '/x/../auth/sign-out',
    undefined,
  ])('is the start page instead of %j', (path) => {
    expect(safeReturnPath(path, 'http://localhost:3000')).toBe('/');
  });

  it('leads to us, whatever is asked for and wherever the browser is', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '/',
        '//',
        '.',
        '..',
        '%2e',
        '%2f',
        '%5c',
        '\\',
        '\t',
        '\n',
        '\r',
        '\0',
        ' ',
        '@',
        ':',
        '?',
        '#',
        ';',
      ),
      fc.constantFrom('evil.example', 'auth', 'http:', 'localhost:3000', '\u3002', '\uff0f', '\u2024'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    const wanted = fc.array(piece, { maxLength: 10 }).map((pieces) => `/${pieces.join('')}`);
    fc.assert(
      fc.property(wanted, (path) => {
        const ours = 'http://localhost:3000';
        const end = new URL(safeReturnPath(path, ours), `${ours}/auth/callback?code=x`);
        expect(end.origin).toBe(ours);
        expect(end.pathname).not.toMatch(/^\/+auth\//);
      }),
      { numRuns: 20_000 },
    );
  });
});
