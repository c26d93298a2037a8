import { createHash, randomUUID } from 'node:crypto';
import type { NewSignIn } from '../../database/accounts/account-additions.ts';
import { findSettings } from '../../database/accounts/settings.ts';
import { Failure } from '../../domain/failure.ts';
import { mailboxKind } from '../../domain/mailbox-kind.ts';
import { SIGN_IN_EXPIRES_AFTER_MS } from '../../domain/schedule.ts';
import { type ApiDependencies, signInRedirectUri } from '../dependencies.ts';
import { randomToken, tokenHash } from '../http/random-token.ts';

export interface SignInAttempt {
  readonly signIn: NewSignIn;
  /** The address for the mailbox's owner, or for the person who signs in to a shared mailbox. */
  readonly url: string;
}

/**
 * Prepares a sign-in to a mailbox: state, nonce and PKCE verifier of 256 random bits each, and the address of
 * Microsoft's page. Stores nothing. Throws SettingsRejected while the global properties are missing.
 */
export async function prepareSignIn(
  dependencies: ApiDependencies,
  {
    address,
    signInAs,
    forSending = false,
  }: { readonly address: string; readonly signInAs: string | null; readonly forSending?: boolean },
): Promise<SignInAttempt> {
  const { db, keys, signIn } = dependencies;
  const settings = await findSettings(db, keys);
  if (!settings) throw new Failure('SettingsRejected', 'The settings are not entered', { reason: 'settings-missing' });
  const redirectUri = signInRedirectUri(dependencies);
  const state = randomToken();
  const nonce = randomToken();
  const codeVerifier = randomToken();
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
  const url = await signIn.buildSignInUrl({
    settings,
    redirectUri,
    signInAs: signInAs ?? address,
    mailbox: mailboxKind(signInAs),
    forSending,
    state,
    nonce,
    codeChallenge,
  });
  return {
    url,
    signIn: {
      id: randomUUID(),
      stateHash: tokenHash(state),
      nonce,
      codeVerifier,
      redirectUri,
      signInAs,
      forSending,
      expiresAt: new Date(Date.now() + SIGN_IN_EXPIRES_AFTER_MS),
    },
  };
}
