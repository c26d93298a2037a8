import {
  DEFAULT_TENANT_ID,
  MAILROOM_CLIENT_ID,
  MAILROOM_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';
import { createPageDriver, type PageDriver } from './page-driver.ts';
import type { RunningEntra } from './start-entra.ts';

export const REDIRECT_URI = 'http://localhost:34567/api/v1/email/sign-in/callback';
export const SCOPE = 'openid profile offline_access User.Read Mail.Read';

type Fields = Readonly<Record<string, string | undefined>>;

export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The address of authorize for Mailroom in Contoso; fields that are given as undefined are left out. */
export function authorizeUrl(entra: RunningEntra, fields: Fields = {}, tenant = DEFAULT_TENANT_ID): string {
  const parameters = {
    client_id: MAILROOM_CLIENT_ID,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    state: 'the-state',
    ...fields,
  };
  return `${entra.origin}/${tenant}/oauth2/v2.0/authorize?${formOf(parameters)}`;
}

/** A token request of Mailroom in Contoso. */
export async function requestToken(
  entra: RunningEntra,
  fields: Fields,
  { tenant = DEFAULT_TENANT_ID, headers = {} }: { tenant?: string; headers?: Record<string, string> } = {},
): Promise<TokenAnswer> {
  const response = await fetch(`${entra.origin}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    headers,
    body: formOf({ client_id: MAILROOM_CLIENT_ID, client_secret: MAILROOM_CLIENT_SECRET, ...fields }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as TokenAnswer['body'] };
}

/** Signs in through the pages as a person would, approving what is asked. Ends at the redirect URI. */
export async function signInByPages(browser: PageDriver, url: string, address: string): Promise<URL> {
  await browser.open(url);
  for (let pages = 0; !browser.left && pages < 6; pages += 1) {
    const { title } = browser.page;
    if (title === 'Sign in to your account') await browser.submit({ address });
    else if (title === 'Enter password') await browser.submit({ password: 'a password' });
    else if (title === 'Permissions requested') await browser.press('Approve');
    else break;
  }
  if (!browser.left) throw new Error(`Stopped at "${browser.page.title}": ${browser.page.text}`);
  return browser.left;
}

/** A fresh code for Mailroom, got by the pages. */
export async function obtainCode(entra: RunningEntra, address: string, fields: Fields = {}): Promise<string> {
  const left = await signInByPages(createPageDriver(), authorizeUrl(entra, fields), address);
  const code = left.searchParams.get('code');
  if (code === null) throw new Error(`No code: ${left.href}`);
  return code;
}

/** The tokens of a fresh sign-in. */
export async function obtainTokens(
  entra: RunningEntra,
  address: string,
  fields: Fields = {},
): Promise<TokenAnswer['body']> {
  const code = await obtainCode(entra, address);
  const { status, body } = await requestToken(entra, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    ...fields,
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
}

export function refresh(entra: RunningEntra, token: unknown, fields: Fields = {}): Promise<TokenAnswer> {
  return requestToken(entra, { grant_type: 'refresh_token', refresh_token: String(token), ...fields });
}

function formOf(fields: Fields): URLSearchParams {
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given);
}
