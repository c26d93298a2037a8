import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_TENANT_ID, MAILROOM_CLIENT_ID } from '../../simulator/entra/default-directory.ts';
import { requestToken } from './entra-client.ts';
import { createPageDriver, type PageDriver } from './page-driver.ts';
import { type RunningEntra, startEntra } from './start-entra.ts';

const CLIENT_ID = '6d1f0b52-93c7-4e8a-a6f4-2b80c9d7e315';
const SCOPE = 'openid offline_access https://graph.microsoft.com/Mail.Read';

describe('a device without a browser', () => {
  let entra: RunningEntra;
  beforeAll(async () => {
    entra = await startEntra();
    const app = { clientId: CLIENT_ID, tenantId: DEFAULT_TENANT_ID, displayName: 'Printer', publicClient: true };
    await entra.control('POST', '/control/apps', app);
  });
  afterAll(() => entra.close());

  const ask = async (fields: Record<string, string> = {}) => {
    const body = new URLSearchParams({ client_id: CLIENT_ID, scope: SCOPE, ...fields });
    const url = `${entra.origin}/${DEFAULT_TENANT_ID}/oauth2/v2.0/devicecode`;
    const answer = await fetch(url, { method: 'POST', body });
    return (await answer.json()) as Record<string, string> & { error_codes?: number[] };
  };
  const poll = async (deviceCode: string | undefined, clientId = CLIENT_ID) => {
    const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: deviceCode };
    const { body } = await requestToken(entra, { client_id: clientId, client_secret: undefined, ...grant });
    return body as Record<string, unknown> & { error_codes?: number[] };
  };
  const enter = async (browser: PageDriver, uri: string | undefined, userCode: string | undefined) => {
    await browser.open(uri ?? '');
    await browser.submit({ otc: userCode ?? '' });
  };

  test('gets tokens when a person has typed its code and signed in, once', async () => {
    const asked = await ask();
    expect(asked).toMatchObject({
      verification_uri: expect.stringContaining(`${entra.origin}/`),
      expires_in: 900,
      interval: 5,
      message: expect.stringContaining(String(asked.user_code)),
    });
    expect(await poll(asked.device_code)).toMatchObject({ error: 'authorization_pending', error_codes: [70016] });

    const browser = createPageDriver();
    await enter(browser, asked.verification_uri, 'wrong');
    expect(browser.page.text).toContain('That code did not work');
    await enter(browser, asked.verification_uri, ` ${asked.user_code?.toLowerCase()} `);
    await browser.submit({ address: 'dave@contoso.example' });
    await browser.submit({ password: 'a password' });
    await browser.press('Approve');
    expect(browser.page).toMatchObject({ status: 200, title: 'You have signed in' });
    expect(browser.page.text).toContain('Printer is signed in on your device');

    expect(await poll(asked.device_code, MAILROOM_CLIENT_ID)).toMatchObject({ error_codes: [7000218] });
    const tokens = await poll(asked.device_code);
    expect(decodeJwt(String(tokens.access_token))).toMatchObject({ appid: CLIENT_ID, upn: 'dave@contoso.example' });
    expect(tokens).toMatchObject({ refresh_token: expect.any(String), id_token: expect.any(String) });
    expect(await poll(asked.device_code)).toMatchObject({ error: 'invalid_grant', error_codes: [54005] });
    await enter(browser, asked.verification_uri, asked.user_code);
    expect(browser.page.text).toContain('That code did not work');
  });

  test('is refused when the person declines, and when its code is unknown', async () => {
    const asked = await ask();
    const browser = createPageDriver();
    await enter(browser, asked.verification_uri, asked.user_code);
    await browser.submit({ address: 'dora@contoso.example' });
    await browser.submit({ password: 'a password' });
    await browser.press('Cancel');
    expect(browser.page.title).toBe('You have not signed in');
    expect((await poll(asked.device_code)).error).toBe('authorization_declined');
    expect(await poll('nonsense')).toMatchObject({ error: 'bad_verification_code', error_codes: [70018] });
  });

  test('is told what is wrong with what it asks for', async () => {
    expect((await ask({ client_id: '' })).error_codes).toEqual([900144]);
    expect((await ask({ client_id: DEFAULT_TENANT_ID })).error_codes).toEqual([700016]);
    expect((await ask({ scope: '' })).error_codes).toEqual([900144]);
    expect((await ask({ scope: 'Mail.Nonsense!' })).error_codes).toEqual([70011]);
  });

  test('lends its way back to no other sign-in', async () => {
    const { verification_uri: uri } = await ask();
    const query = new URLSearchParams({
      client_id: CLIENT_ID,
      response_type: 'code',
      scope: SCOPE,
      redirect_uri: `${uri}/answer`,
      state: 'no code',
    });
    const browser = createPageDriver();
    await browser.open(`${entra.origin}/${DEFAULT_TENANT_ID}/oauth2/v2.0/authorize?${query}`);
    expect(browser.page.text).toContain('AADSTS50011');
  });
});
