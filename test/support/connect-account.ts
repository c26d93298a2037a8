import { followSignInLink } from '../../scripts/demo/follow-sign-in-link.ts';
import {
  DEFAULT_TENANT_ID,
  MAILROOM_CLIENT_ID,
  MAILROOM_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';
import type { TestStack } from './stack.ts';

/** Enters the simulated organisation as the global properties. */
export async function enterSettings({ mailroom }: Pick<TestStack, 'mailroom'>, changed: object = {}): Promise<void> {
  await mailroom.put('/email/settings', {
    tenantId: DEFAULT_TENANT_ID,
    clientId: MAILROOM_CLIENT_ID,
    clientSecret: MAILROOM_CLIENT_SECRET,
    ...changed,
  });
}

/** Opens a sign-in page with the provider answering by itself; the page on which the browser ends. */
export async function signIn(
  { simulatorUrl }: Pick<TestStack, 'simulatorUrl'>,
  signInUrl: string,
  mode: Readonly<Record<string, string>> = { mode: 'auto' },
): Promise<{ status: number; text: string }> {
  await fetch(`${simulatorUrl}/control/sign-in`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(mode),
  });
  const page = await followSignInLink(signInUrl);
  const html = await page.text();
  const text = html
    .replace(/<(style|head)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<wbr>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')
    .trim();
  return { status: page.status, text };
}

/** Adds an account and signs in; its id. Throws what the page says when that fails. */
export async function connectAccount(stack: TestStack, address: string, account: object = {}): Promise<string> {
  const { id, signInUrl } = await stack.mailroom.post<{ id: string; signInUrl: string }>('/email/accounts', {
    address,
    ...account,
  });
  const { status, text } = await signIn(stack, signInUrl);
  if (status !== 200) throw new Error(`${status}: ${text}`);
  return id;
}
