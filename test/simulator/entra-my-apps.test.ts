import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  DEFAULT_ADMINISTRATOR,
  DEFAULT_TENANT_ID,
  MAILROOM_CLIENT_ID,
  SSO_CLIENT_ID,
} from '../../simulator/entra/default-directory.ts';
import { REDIRECT_URI, requestToken } from './entra-client.ts';
import { createPageDriver, type PageDriver } from './page-driver.ts';
import { type RunningEntra, startEntra } from './start-entra.ts';

let entra: RunningEntra;
let browser: PageDriver;
beforeAll(async () => {
  entra = await startEntra();
});
afterAll(() => entra.close());
beforeEach(() => {
  browser = createPageDriver();
});

async function signIn(address: string): Promise<void> {
  await browser.open(`${entra.origin}/myapps`);
  await browser.follow('Sign in');
  await browser.submit({ address });
  await browser.submit({ password: 'x' });
}

describe('the dashboard of apps', () => {
  test('starts a sign-in at the app with issuer, hint and target', async () => {
    await signIn(DEFAULT_ADMINISTRATOR);
    expect(browser.page.text).toContain('Ada Administrator · admin@contoso.example · Contoso');
    await browser.follow('Mailroom sign-on');
    const { left } = browser;
    expect(`${left?.origin}${left?.pathname}`).toBe('http://localhost:3000/auth/initiate');
    expect(Object.fromEntries(left?.searchParams ?? [])).toEqual({
      iss: `${entra.origin}/${DEFAULT_TENANT_ID}/v2.0`,
      login_hint: DEFAULT_ADMINISTRATOR,
      target_link_uri: 'http://localhost:3000/',
    });
  });

  test('shows a user only what an administrator has assigned, as soon as it is', async () => {
    await signIn('eva@contoso.example');
    expect(browser.page.text).toContain('No app has been given to you yet');
    expect(browser.page.text).not.toContain('Manage apps');

    const user = browser;
    browser = createPageDriver();
    await signIn(DEFAULT_ADMINISTRATOR);
    await browser.follow('Manage apps');
    const index = browser.page.forms.findIndex(
      ({ fields }) => fields.step === 'assign' && fields.clientId === SSO_CLIENT_ID,
    );
    const form = browser.page.forms[index];
    const body = new URLSearchParams({ ...form?.fields, address: 'eva@contoso.example' });
    const cookie = `SSO=${browser.cookies.get(new URL(entra.origin).host)?.get('SSO')}`;
    const response = await fetch(`${entra.origin}/myapps/admin`, { method: 'POST', body, headers: { cookie } });
    expect(await response.text()).toContain('Eva · eva@contoso.example');

    await user.open(`${entra.origin}/myapps`);
    expect(user.page.text).toContain('Mailroom sign-on');
    await browser.open(`${entra.origin}/myapps/admin`);
    await browser.press('Remove Eva');
    await user.open(`${entra.origin}/myapps`);
    expect(user.page.text).not.toContain('Mailroom sign-on');
  });

  test('tells without a session to sign in, and hides the administration from users', async () => {
    await browser.open(`${entra.origin}/myapps/start/${SSO_CLIENT_ID}`);
    expect(browser.page.title).toBe('Sign in to your account');
    await signIn('plain@contoso.example');
    await browser.open(`${entra.origin}/myapps/admin`);
    expect(browser.page.status).toBe(403);
    expect(browser.page.text).toContain('Only for administrators');
    const cookie = `SSO=${browser.cookies.get(new URL(entra.origin).host)?.get('SSO')}`;
    const body = new URLSearchParams({ step: 'assign', clientId: SSO_CLIENT_ID, address: 'plain@contoso.example' });
    const response = await fetch(`${entra.origin}/myapps/admin`, { method: 'POST', body, headers: { cookie } });
    expect(response.status).toBe(403);
  });

  test('goes on as the account that was chosen last', async () => {
    await signIn('first@contoso.example');
    await browser.follow('Switch account');
    await browser.press('Use another account');
    await browser.submit({ address: 'second@contoso.example' });
    await browser.submit({ password: 'x' });
    expect(browser.page.text).toContain('second@contoso.example');
    await browser.follow('Switch account');
    await browser.press('first@contoso.example');
    expect(browser.page.text).toContain('first@contoso.example');
    await browser.follow('Sign out');
    await browser.open(`${entra.origin}/myapps`);
    expect(browser.page.links.map(({ text }) => text)).toContain('Sign in');
  });

  test('refuses to start an app that is not assigned where assignment is required', async () => {
    await entra.control('PUT', `/control/apps/${SSO_CLIENT_ID}`, { assignmentRequired: true });
    await signIn('outsider@contoso.example');
    await browser.open(`${entra.origin}/myapps/start/${SSO_CLIENT_ID}`);
    expect(browser.page.text).toContain('AADSTS50105');
    await entra.control('PUT', `/control/apps/${SSO_CLIENT_ID}`, { assignmentRequired: false });
  });

  test('the administrator gives consent for everybody with one press, and takes it back', async () => {
    await signIn(DEFAULT_ADMINISTRATOR);
    await browser.open(`${entra.origin}/myapps/admin`);
    await browser.press('Grant admin consent');
    const grant = { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' };
    const token = async () => String((await requestToken(entra, grant)).body.access_token);
    expect(await entra.accessTokens.verify(await token())).toMatchObject({ roles: ['Mail.Read'] });
    await entra.control('DELETE', `/control/apps/${MAILROOM_CLIENT_ID}/consents`);
    expect(await entra.accessTokens.verify(await token())).toMatchObject({ roles: [] });
  });
});

describe('admin consent', () => {
  const url = (fields: Record<string, string> = {}, version = 'v2.0/') =>
    `${entra.origin}/${DEFAULT_TENANT_ID}/${version}adminconsent?${new URLSearchParams({
      client_id: MAILROOM_CLIENT_ID,
      redirect_uri: REDIRECT_URI,
      state: 'consent-state',
      ...fields,
    })}`;

  async function arrive(address: string, target: string): Promise<void> {
    await browser.open(target);
    await browser.submit({ address });
    await browser.submit({ password: 'x' });
  }

  test('tells the app that it was given, and gives application permissions with .default', async () => {
    const scope = 'https://graph.microsoft.com/.default';
    await arrive(DEFAULT_ADMINISTRATOR, url({ scope }));
    expect(browser.page.text).toContain('Review for your organization');
    await browser.press('Approve');
    expect(Object.fromEntries(browser.left?.searchParams ?? [])).toEqual({
      admin_consent: 'True',
      tenant: DEFAULT_TENANT_ID,
      scope,
      state: 'consent-state',
    });
    const answer = await requestToken(entra, { grant_type: 'client_credentials', scope });
    expect(await entra.accessTokens.verify(String(answer.body.access_token))).toMatchObject({ roles: ['Mail.Read'] });
  });

  test('tells the app that it was declined, still with admin_consent=True', async () => {
    await arrive(DEFAULT_ADMINISTRATOR, url({}, ''));
    await browser.press('Cancel');
    const fields = Object.fromEntries(browser.left?.searchParams ?? []);
    expect(fields).toMatchObject({ error: 'access_denied', admin_consent: 'True', state: 'consent-state' });
    expect(fields.error_description).toContain('AADSTS65004');
  });

  test('is not for users, and never leads to a foreign address', async () => {
    await arrive('user@contoso.example', url());
    expect(browser.page.text).toContain('AADSTS90094');
    await browser.open(url({ redirect_uri: 'https://evil.example/' }));
    expect(browser.left).toBeUndefined();
    expect(browser.page.text).toContain('AADSTS50011');
  });

  test('happens at once while the sign-in mode is auto', async () => {
    await entra.control('PUT', '/control/sign-in', { mode: 'auto' });
    await browser.open(url());
    expect(browser.left?.searchParams.get('admin_consent')).toBe('True');
    await entra.control('PUT', '/control/sign-in', { mode: 'deny' });
    await browser.open(url());
    expect(browser.left?.searchParams.get('error')).toBe('access_denied');
    await entra.control('PUT', '/control/sign-in', { mode: 'interactive' });
  });
});
