import { createHash, randomBytes } from 'node:crypto';
import type { MailboxKind } from '../../domain/mailbox-kind.ts';
import type { MicrosoftCloud } from '../../graph/cloud.ts';
import type { StoredTokenCache, TokenCacheStore } from '../../graph/entra/access-token.ts';
import type { EntraSettings } from '../../graph/entra/entra-settings.ts';
import { createSignIn, type RedeemRequest } from '../../graph/entra/sign-in.ts';
import {
  DEFAULT_TENANT_ID,
  MAILROOM_CLIENT_ID,
  MAILROOM_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';

/** The global properties that fit the simulator as it starts. */
export const simulatorSettings: EntraSettings = {
  tenantId: DEFAULT_TENANT_ID,
  clientId: MAILROOM_CLIENT_ID,
  clientSecret: MAILROOM_CLIENT_SECRET,
};
const redirectUri = 'http://localhost:3000/api/v1/email/sign-in/callback';

/** Sends JSON, or a mail as it is, to a simulator's control API; throws when it refuses. */
export async function control<T>(url: string, method: string, path: string, body?: unknown): Promise<T> {
  const isMail = typeof body === 'string';
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body !== undefined && {
      body: isMail ? body : JSON.stringify(body),
      headers: { 'content-type': isMail ? 'message/rfc822' : 'application/json' },
    }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Follows the sign-in URL as a browser would; gives what came to the redirect URI and how to redeem it. */
export async function comeBack(
  cloud: MicrosoftCloud,
  signInAs: string,
  mode: object,
  settings: EntraSettings = simulatorSettings,
  mailbox: MailboxKind = 'own',
): Promise<{ query: Record<string, string>; state: string; redeem: RedeemRequest }> {
  await control(cloud.loginUrl, 'PUT', '/control/sign-in', mode);
  const codeVerifier = randomBytes(32).toString('base64url');
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
  const [state, nonce] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  const request = { settings, redirectUri, signInAs, mailbox, state, nonce, codeChallenge };
  const response = await fetch(await createSignIn(cloud).buildSignInUrl(request), { redirect: 'manual' });
  const query = Object.fromEntries(new URL(response.headers.get('location') ?? '').searchParams);
  return { query, state, redeem: { settings, redirectUri, code: query.code ?? '', codeVerifier, nonce, mailbox } };
}

/** Signs an account in and keeps its tokens as the database would: with a version, compared and set. */
export async function signedIn(
  cloud: MicrosoftCloud,
  address: string,
  settings: EntraSettings = simulatorSettings,
  mailbox: MailboxKind = 'own',
): Promise<TokenCacheStore> {
  const { redeem } = await comeBack(cloud, address, { mode: 'auto', as: address }, settings, mailbox);
  let stored: StoredTokenCache = { cache: (await createSignIn(cloud).redeem(redeem)).tokenCache, version: 1, mailbox };
  return {
    read: async () => stored,
    write: async (cache, expectedVersion) => {
      if (stored.version !== expectedVersion) return false;
      stored = { cache, version: expectedVersion + 1, mailbox };
      return true;
    },
  };
}
