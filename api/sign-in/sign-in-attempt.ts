import { randomUUID } from 'node:crypto';
import type { NewSignIn } from '../../database/accounts/account-additions.ts';
import { getSettings } from '../../database/accounts/settings.ts';
import { SIGN_IN_EXPIRES_AFTER_MS } from '../../domain/schedule.ts';
import { type ApiDependencies, signInRedirectUri } from '../dependencies.ts';
import { randomToken, tokenHash } from '../http/random-token.ts';
import { linkUrl } from './sign-in-link.ts';

export interface SignInAttempt {
  readonly signIn: NewSignIn;
  /** The address for the mailbox's owner, or for the person who signs in to a shared mailbox: a page of Mailroom. */
  readonly url: string;
  /** What the link holds. */
  readonly token: string;
}

/**
 * Prepares a sign-in to a mailbox: the link's token, nonce and PKCE verifier of 256 random bits each. Stores nothing.
 * Throws SettingsRejected while the global properties are missing.
 */
export async function prepareSignIn(
  dependencies: ApiDependencies,
  { signInAs, forSending = false }: { readonly signInAs: string | null; readonly forSending?: boolean },
): Promise<SignInAttempt> {
  const { db, keys, certificate, config } = dependencies;
  await getSettings(db, keys, certificate);
  const token = randomToken();
  return {
    url: linkUrl(config.api.publicUrl, token),
    token,
    signIn: {
      id: randomUUID(),
      stateHash: tokenHash(token),
      nonce: randomToken(),
      codeVerifier: randomToken(),
      redirectUri: signInRedirectUri(dependencies),
      signInAs,
      forSending,
      expiresAt: new Date(Date.now() + SIGN_IN_EXPIRES_AFTER_MS),
    },
  };
}
