import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  DEFAULT_ADMINISTRATOR,
  DEFAULT_TENANT_ID,
  MAILROOM_CLIENT_ID,
  SECOND_TENANT_ID,
  SSO_CLIENT_ID,
} from '../../simulator/entra/default-directory.ts';
import { authorizeUrl, REDIRECT_URI, requestToken, signInByPages } from './entra-client.ts';
import { createPageDriver, type PageDriver } from './page-driver.ts';
import { type RunningEntra, startEntra } from './start-entra.ts';

const SSO_REDIRECT_URI = 'http://localhost:34567/auth/callback';

describe('the pages of authorize', () => {
  let entra: RunningEntra;
  let browser: PageDriver;
  beforeAll(async () => {
    entra = await startEntra();
  });
  afterAll(() => entra.close());
  beforeEach(() => {
    browser = createPageDriver();
  });

  const errorAtApp = () => {
    const parameters = browser.left?.searchParams;
    return { error: parameters?.get('error'), code: /AADSTS\d+/.exec(parameters?.get('error_description') ?? '')?.[0] };
  };

  test('asks for address, password and consent, and ends at the app with code and state', async () => {
    await browser.open(authorizeUrl(entra));
    expect(browser.page.text).toContain('to continue to Mailroom');
    await browser.submit({ address: 'first@contoso.example' });
    expect(browser.page.text).toContain('Any password is accepted, except wrong');
    await browser.submit({ password: 'secret' });
    expect(browser.page.title).toBe('Permissions requested');
    expect(browser.page.text).toContain('Mailroom would like to');
    expect(browser.page.text).toContain('Read your mail');
    expect(browser.page.text).toContain('Maintain access to data you have given it access to');
    await browser.press('Approve');
    expect(browser.left?.pathname).toBe('/api/v1/email/sign-in/callback');
    expect(browser.left?.searchParams.get('state')).toBe('the-state');
    expect(browser.left?.searchParams.get('code')).toMatch(/^1\.A/);
  });

  test('asks for the mail of others with words of its own, and puts it into the token', async () => {
    const scope = 'offline_access Mail.Read.Shared Mail.ReadWrite.Shared Mail.Send.Shared';
    await browser.open(authorizeUrl(entra, { scope, login_hint: 'delegate@contoso.example' }));
    await browser.submit({ password: 'secret' });
    for (const title of [
      'Read mail you can access',
      'Read and write mail you can access',
      'Send mail on behalf of others',
    ]) {
      expect(browser.page.text).toContain(title);
    }
    await browser.press('Approve');
    const code = browser.left?.searchParams.get('code') ?? undefined;
    const { body } = await requestToken(entra, { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI });
    expect(await entra.accessTokens.verify(String(body.access_token))).toMatchObject({
      scopes: ['Mail.Read.Shared', 'Mail.ReadWrite.Shared', 'Mail.Send.Shared'],
    });
  });

  test('goes straight to the password where login_hint names the account', async () => {
    await browser.open(authorizeUrl(entra, { login_hint: 'hinted@contoso.example' }));
    expect(browser.page.title).toBe('Enter password');
    expect(browser.page.text).toContain('hinted@contoso.example');
  });

  test('refuses the password "wrong" and an empty one, and goes on with the next', async () => {
    await browser.open(authorizeUrl(entra, { login_hint: 'typo@contoso.example' }));
    await browser.submit({ password: 'wrong' });
    expect(browser.page.text).toContain('AADSTS50126');
    await browser.submit({ password: '' });
    expect(browser.page.text).toContain('Please enter your password');
    await browser.submit({ password: 'right' });
    expect(browser.page.title).toBe('Permissions requested');
  });

  test('asks for nothing but Approve where the browser has a session from single sign-on', async () => {
    await signInByPages(
      browser,
      authorizeUrl(entra, { client_id: SSO_CLIENT_ID, redirect_uri: SSO_REDIRECT_URI, scope: 'openid profile email' }),
      'sso@contoso.example',
    );
    await browser.open(authorizeUrl(entra, { login_hint: 'sso@contoso.example', domain_hint: 'contoso.example' }));
    expect(browser.page.title).toBe('Permissions requested');
    await browser.press('Approve');
    expect(browser.left?.searchParams.get('code')).toBeTruthy();
    await browser.open(authorizeUrl(entra, { login_hint: 'sso@contoso.example' }));
    expect(browser.left?.searchParams.get('code')).toBeTruthy();
  });

  test('goes on without a question for the single account of a session when nobody is hinted', async () => {
    await signInByPages(browser, authorizeUrl(entra), 'single@contoso.example');
    await browser.open(authorizeUrl(entra));
    expect(browser.left?.searchParams.get('code')).toBeTruthy();
  });

  test('offers an account picker where the session belongs to somebody else than the hint', async () => {
    await signInByPages(browser, authorizeUrl(entra), 'one@contoso.example');
    await browser.open(authorizeUrl(entra, { login_hint: 'two@contoso.example' }));
    expect(browser.page.title).toBe('Pick an account');
    expect(browser.page.text).toContain('one@contoso.example');
    expect(browser.page.text).toContain('Use another account');
    await browser.press('two@contoso.example');
    expect(browser.page.title).toBe('Enter password');
    await browser.submit({ password: 'x' });
    await browser.press('Approve');
    expect(browser.left?.searchParams.get('code')).toBeTruthy();

    await browser.open(authorizeUrl(entra));
    expect(browser.page.title).toBe('Pick an account');
    await browser.press('Use another account');
    expect(browser.page.title).toBe('Sign in to your account');
  });

  test('keeps a user of another tenant out of the session of this one', async () => {
    await signInByPages(browser, authorizeUrl(entra), 'here@contoso.example');
    await browser.open(authorizeUrl(entra, { domain_hint: 'fabrikam.example' }));
    expect(browser.page.title).toBe('Sign in to your account');
    expect(browser.page.text).toContain('with Fabrikam');
  });

  test('completes an entry without @ by the domain hint', async () => {
    await browser.open(authorizeUrl(entra, { domain_hint: 'contoso.example' }));
    await browser.submit({ address: 'short' });
    expect(browser.page.text).toContain('short@contoso.example');
  });

  test('returns access_denied (AADSTS65004) when the person cancels consent', async () => {
    await browser.open(authorizeUrl(entra, { login_hint: 'cancels@contoso.example' }));
    await browser.submit({ password: 'x' });
    await browser.press('Cancel');
    expect(errorAtApp()).toEqual({ error: 'access_denied', code: 'AADSTS65004' });
    expect(browser.left?.searchParams.get('state')).toBe('the-state');
  });

  test('prompt=none never shows a page: 50058 without session, 65001 without consent, a code with both', async () => {
    await browser.open(authorizeUrl(entra, { prompt: 'none' }));
    expect(errorAtApp()).toEqual({ error: 'login_required', code: 'AADSTS50058' });
    const signOn = { client_id: SSO_CLIENT_ID, redirect_uri: SSO_REDIRECT_URI, scope: 'openid' };
    await signInByPages(browser, authorizeUrl(entra, signOn), 'silent@contoso.example');
    await browser.open(authorizeUrl(entra, { prompt: 'none' }));
    expect(errorAtApp()).toEqual({ error: 'consent_required', code: 'AADSTS65001' });
    await browser.open(authorizeUrl(entra, { ...signOn, prompt: 'none' }));
    expect(browser.left?.searchParams.get('code')).toBeTruthy();
    await signInByPages(browser, authorizeUrl(entra, { prompt: 'login' }), 'second@contoso.example');
    await browser.open(authorizeUrl(entra, { prompt: 'none' }));
    expect(errorAtApp()).toEqual({ error: 'interaction_required', code: 'AADSTS16000' });
  });

  test('prompt=login asks for the password, prompt=consent for consent, prompt=select_account for the account', async () => {
    await signInByPages(browser, authorizeUrl(entra), 'prompted@contoso.example');
    await browser.open(authorizeUrl(entra, { prompt: 'login', login_hint: 'prompted@contoso.example' }));
    expect(browser.page.title).toBe('Enter password');
    await browser.submit({ password: 'x' });
    expect(browser.left?.searchParams.get('code')).toBeTruthy();
    await browser.open(authorizeUrl(entra, { prompt: 'consent' }));
    expect(browser.page.title).toBe('Permissions requested');
    await browser.press('Approve');
    expect(browser.left?.searchParams.get('code')).toBeTruthy();
    await browser.open(authorizeUrl(entra, { prompt: 'select_account' }));
    expect(browser.page.title).toBe('Pick an account');
    await browser.press('prompted@contoso.example');
    expect(browser.left?.searchParams.get('code')).toBeTruthy();
  });

  test('answers in the fragment or by a form that posts itself, as asked', async () => {
    await signInByPages(browser, authorizeUrl(entra), 'modes@contoso.example');
    await browser.open(authorizeUrl(entra, { response_mode: 'fragment' }));
    expect(new URLSearchParams(browser.left?.hash.slice(1)).get('state')).toBe('the-state');
    await browser.open(authorizeUrl(entra, { response_mode: 'form_post' }));
    const [form] = browser.page.forms;
    expect(form).toMatchObject({ action: expect.stringContaining('/sign-in/callback'), method: 'post' });
    expect(form?.fields).toMatchObject({ state: 'the-state', code: expect.stringMatching(/^1\.A/) });
  });

  test('reads an authorize request from a posted form as well', async () => {
    const [address = '', query = ''] = authorizeUrl(entra).split('?');
    const response = await fetch(address, { method: 'POST', body: new URLSearchParams(query) });
    const page = await response.text();
    expect(page).toContain('to continue to Mailroom');
    expect(page).toContain('client_id=');
  });

  test('shows unknown tenant, unknown app and foreign redirect URI on a page, and sends nobody away', async () => {
    const shown = async (url: string) => {
      await browser.open(url);
      expect(browser.left).toBeUndefined();
      expect(browser.page.status).toBe(400);
      return /AADSTS\d+/.exec(browser.page.text)?.[0];
    };
    expect(await shown(authorizeUrl(entra, {}, 'nowhere.example'))).toBe('AADSTS90002');
    expect(await shown(authorizeUrl(entra, { client_id: '00000000-0000-4000-8000-000000000000' }))).toBe(
      'AADSTS700016',
    );
    expect(await shown(authorizeUrl(entra, {}, SECOND_TENANT_ID))).toBe('AADSTS700016');
    expect(await shown(authorizeUrl(entra, {}, 'common'))).toBe('AADSTS50194');
    expect(await shown(authorizeUrl(entra, { client_id: undefined }))).toBe('AADSTS900144');
    expect(await shown(authorizeUrl(entra, { redirect_uri: 'https://evil.example/callback' }))).toBe('AADSTS50011');
    expect(await shown(authorizeUrl(entra, { redirect_uri: `http://localhost:1/other` }))).toBe('AADSTS50011');
    expect(await shown(`${authorizeUrl(entra)}&state=twice`)).toBe('AADSTS9000411');
  });

  test('returns what else is wrong with a request to the app', async () => {
    const returned = async (fields: Record<string, string | undefined>) => {
      await browser.open(authorizeUrl(entra, fields));
      const place = browser.left?.hash ? new URLSearchParams(browser.left.hash.slice(1)) : browser.left?.searchParams;
      expect(place?.get('state')).toBe('the-state');
      return `${place?.get('error')} ${/AADSTS\d+/.exec(place?.get('error_description') ?? '')?.[0]}`;
    };
    expect(await returned({ response_type: undefined })).toBe('invalid_request AADSTS900144');
    expect(await returned({ response_type: 'token' })).toBe('unsupported_response_type AADSTS700051');
    expect(await returned({ response_type: 'code id_token' })).toBe('unsupported_response_type AADSTS700054');
    expect(await returned({ response_type: 'magic' })).toBe('unsupported_response_type AADSTS90023');
    expect(await returned({ response_mode: 'pigeon' })).toBe('invalid_request AADSTS90023');
    expect(await returned({ prompt: 'sometimes' })).toBe('invalid_request AADSTS90023');
    expect(await returned({ code_challenge: 'short' })).toBe('invalid_request AADSTS50147');
    expect(await returned({ scope: undefined })).toBe('invalid_request AADSTS900144');
    expect(await returned({ scope: 'openid Nonsense' })).toBe('invalid_client AADSTS650053');
    expect(await returned({ scope: 'openid !!' })).toBe('invalid_scope AADSTS70011');
    expect(await returned({ scope: 'https://other.example/Mail.Read' })).toBe('invalid_resource AADSTS500011');
  });

  test('shows AADSTS50105 to a user without assignment, with the way back to the app', async () => {
    await entra.control('PUT', `/control/apps/${SSO_CLIENT_ID}`, { assignmentRequired: true });
    const url = authorizeUrl(entra, { client_id: SSO_CLIENT_ID, redirect_uri: SSO_REDIRECT_URI, scope: 'openid' });
    await browser.open(url);
    await browser.submit({ address: 'stranger@contoso.example' });
    await browser.submit({ password: 'x' });
    expect(browser.page.text).toContain('AADSTS50105');
    await browser.follow('Return to the application');
    expect(errorAtApp()).toEqual({ error: 'access_denied', code: 'AADSTS50105' });
    await entra.control('PUT', `/control/apps/${SSO_CLIENT_ID}/assignments/stranger@contoso.example`);
    await browser.open(url);
    expect(browser.left?.searchParams.get('code')).toBeTruthy();
    await entra.control('PUT', `/control/apps/${SSO_CLIENT_ID}`, { assignmentRequired: false });
  });

  test('shows "Need admin approval" to users, and lets an administrator consent for all of them', async () => {
    await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { adminConsentRequired: true });
    await browser.open(authorizeUrl(entra, { login_hint: 'small@contoso.example' }));
    await browser.submit({ password: 'x' });
    expect(browser.page.text).toContain('Need admin approval');
    expect(browser.page.text).toContain('AADSTS90094');
    await browser.follow('Return to the application');
    expect(errorAtApp()).toEqual({ error: 'access_denied', code: 'AADSTS90094' });

    const administrator = createPageDriver();
    await administrator.open(authorizeUrl(entra, { login_hint: DEFAULT_ADMINISTRATOR }));
    await administrator.submit({ password: 'x' });
    await administrator.submit({ wholeTenant: 'yes' }, 'Approve');
    expect(administrator.left?.searchParams.get('code')).toBeTruthy();
    await browser.open(authorizeUrl(entra, { login_hint: 'small@contoso.example' }));
    expect(browser.left?.searchParams.get('code')).toBeTruthy();
    await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { adminConsentRequired: false });
    await entra.control('DELETE', `/control/apps/${MAILROOM_CLIENT_ID}/consents`);
  });

  test('asks for a second factor where the user needs one, also of a session without', async () => {
    await signInByPages(browser, authorizeUrl(entra), 'careful@contoso.example');
    await entra.control('PATCH', '/control/users/careful@contoso.example', { mfaRequired: true });
    await browser.open(authorizeUrl(entra, { prompt: 'none' }));
    expect(errorAtApp()).toEqual({ error: 'interaction_required', code: 'AADSTS50076' });
    expect(JSON.parse(browser.left?.searchParams.get('claims') ?? '')).toHaveProperty('access_token');
    await browser.open(authorizeUrl(entra));
    expect(browser.page.text).toContain('Code from your authenticator app');
    await browser.submit({ password: 'x', code: '12' });
    expect(browser.page.text).toContain('six digits');
    await browser.submit({ password: 'x', code: '123456' });
    expect(browser.left?.searchParams.get('code')).toBeTruthy();
  });

  test('refuses a disabled user, one blocked by policy, one of another tenant, and an unknown one', async () => {
    await entra.control('POST', '/control/users', { address: 'gone@contoso.example', enabled: false });
    await browser.open(authorizeUrl(entra, { login_hint: 'gone@contoso.example' }));
    await browser.submit({ password: 'x' });
    expect(browser.page.text).toContain('AADSTS50057');

    await entra.control('POST', '/control/users', { address: 'blocked@contoso.example', blockedByPolicy: true });
    await browser.open(authorizeUrl(entra, { login_hint: 'blocked@contoso.example' }));
    await browser.submit({ password: 'x' });
    expect(browser.page.text).toContain('AADSTS53003');

    browser = createPageDriver();
    await browser.open(authorizeUrl(entra, { login_hint: 'guest@fabrikam.example' }));
    await browser.submit({ password: 'x' });
    expect(browser.page.text).toContain('AADSTS50020');

    const tenantId = '5f3c0a4e-98d2-4c17-a6be-21f7d8c0935b';
    const strict = { tenantId, displayName: 'Strict', domains: ['strict.example'], createsUsersOnFirstUse: false };
    await entra.control('POST', '/control/tenants', strict);
    browser = createPageDriver();
    await browser.open(authorizeUrl(entra));
    await browser.submit({ address: 'nobody@strict.example' });
    expect(browser.page.text).toContain('AADSTS50034');
  });

  test('escapes what comes from outside, and allows neither scripts nor frames', async () => {
    const name = '<script>alert(1)</script>"\'&';
    await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { displayName: name });
    const response = await fetch(authorizeUrl(entra, { login_hint: '"><img src=x>@contoso.example' }));
    const page = await response.text();
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<img');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(response.headers.get('content-security-policy')).toContain("form-action 'self' http://localhost:34567");
    await entra.control('PUT', `/control/apps/${MAILROOM_CLIENT_ID}`, { displayName: 'Mailroom' });
  });

  test('signs out: the next authorize asks again', async () => {
    await signInByPages(browser, authorizeUrl(entra), 'leaves@contoso.example');
    const next = encodeURIComponent('http://localhost:34567/auth/callback');
    await browser.open(
      `${entra.origin}/${DEFAULT_TENANT_ID}/oauth2/v2.0/logout?post_logout_redirect_uri=${next}&state=bye`,
    );
    expect(browser.left?.href).toBe('http://localhost:34567/auth/callback?state=bye');
    await browser.open(authorizeUrl(entra));
    expect(browser.page.title).toBe('Sign in to your account');
    await browser.open(`${entra.origin}/common/oauth2/v2.0/logout?post_logout_redirect_uri=https://evil.example/`);
    expect(browser.left).toBeUndefined();
    expect(browser.page.text).toContain('You signed out');
  });
});

describe('the sign-in mode of the control API', () => {
  let entra: RunningEntra;
  const browser = createPageDriver();
  beforeAll(async () => {
    entra = await startEntra();
  });
  afterAll(() => entra.close());

  test('auto answers at once as the hinted or the named user, consent included', async () => {
    await entra.control('PUT', '/control/sign-in', { mode: 'auto' });
    await browser.open(authorizeUrl(entra, { login_hint: 'quick@contoso.example' }));
    expect(browser.left?.searchParams.get('code')).toBeTruthy();
    await entra.control('PUT', '/control/sign-in', { mode: 'auto', as: 'other@contoso.example' });
    await browser.open(authorizeUrl(entra, { login_hint: 'quick@contoso.example' }));
    expect(browser.left?.searchParams.get('code')).toBeTruthy();
    expect(entra.directory.findUser('other@contoso.example')).toBeDefined();
  });

  test('deny and admin-approval return what a person would have caused', async () => {
    for (const [mode, code] of [
      ['deny', 'AADSTS65004'],
      ['admin-approval', 'AADSTS90094'],
    ] as const) {
      await entra.control('PUT', '/control/sign-in', { mode });
      await browser.open(authorizeUrl(entra));
      expect(browser.left?.searchParams.get('error')).toBe('access_denied');
      expect(browser.left?.searchParams.get('error_description')).toContain(code);
    }
  });

  test('refuses what it does not know', async () => {
    await expect(entra.control('PUT', '/control/sign-in', { mode: 'magic' })).rejects.toThrow('400');
    await expect(entra.control('PUT', '/control/sign-in', { mode: 'deny', extra: 1 })).rejects.toThrow('400');
  });
});

describe("under Microsoft's managed consent policy, the default", () => {
  let managed: RunningEntra;
  beforeAll(async () => {
    managed = await startEntra({ usersConsent: false });
  });
  afterAll(() => managed.close());

  test('nobody is asked for what an administrator consented to', async () => {
    const person = createPageDriver();
    await person.open(authorizeUrl(managed, { login_hint: 'anna@contoso.example' }));
    await person.submit({ password: 'x' });
    expect(person.left?.searchParams.get('code')).toBeTruthy();
  });

  test('a user may consent to the profile, and not to mail, before an administrator has', async () => {
    await managed.control('DELETE', `/control/apps/${MAILROOM_CLIENT_ID}/consents`);
    const person = createPageDriver();
    await person.open(authorizeUrl(managed, { login_hint: 'bob@contoso.example', scope: 'openid profile User.Read' }));
    await person.submit({ password: 'x' });
    await person.press('Approve');
    expect(person.left?.searchParams.get('code')).toBeTruthy();
    await person.open(authorizeUrl(managed, { login_hint: 'bob@contoso.example', scope: 'openid Mail.Read.Shared' }));
    expect(person.page.text).toContain('Need admin approval');

    await managed.control('POST', '/control/tenants', { tenantId: DEFAULT_TENANT_ID, consentPolicy: 'administrators' });
    const other = createPageDriver();
    await other.open(authorizeUrl(managed, { login_hint: 'carol@contoso.example', scope: 'openid profile User.Read' }));
    await other.submit({ password: 'x' });
    expect(other.page.text).toContain('Need admin approval');
  });
});
