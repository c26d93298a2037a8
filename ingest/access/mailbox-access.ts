import type { SignInRef } from '../../database/accounts/account-sign-in.ts';
import { getSettings } from '../../database/accounts/settings.ts';
import { findTokenCache, replaceTokenCache } from '../../database/sign-in/token-caches.ts';
import { acquireAccessToken, type TokenCacheStore } from '../../graph/entra/access-token.ts';
import type { TokenPurpose } from '../../graph/entra/scopes.ts';
import { createMailboxClient, type MailboxClient } from '../../graph/mail/mailbox-client.ts';
import type { Dependencies } from '../dependencies.ts';
import { createHeldTokens, type HeldTokens } from './held-tokens.ts';

/** The access tokens of all accounts, refreshed when needed; refreshed tokens are stored before they are used. */
export function createAccountTokens(
  { db, keys, cloud, certificate }: Pick<Dependencies, 'db' | 'keys' | 'cloud' | 'certificate'>,
  purpose: TokenPurpose = 'reading',
): HeldTokens {
  return createHeldTokens(async (accountId, options) => {
    const store: TokenCacheStore = {
      read: () => findTokenCache(db, keys, accountId),
      write: (cache, expectedVersion) => replaceTokenCache(db, keys, accountId, cache, expectedVersion),
    };
    const settings = await getSettings(db, keys, certificate);
    return await acquireAccessToken({ cloud, settings, store, purpose, ...options });
  });
}

export interface MailboxToOpen extends SignInRef {
  /** The mailbox's address if another person signs in for it; undefined: the mailbox of the person who signed in. */
  readonly sharedAddress: string | undefined;
}

/** A client of the account's mailbox. It requests a token with its first request. */
export function openMailbox(
  { cloud, tokens }: Pick<Dependencies, 'cloud' | 'tokens'>,
  { accountId, signInNumber, sharedAddress }: MailboxToOpen,
  signal: AbortSignal,
): MailboxClient {
  return createMailboxClient({
    cloud,
    sharedAddress,
    getAccessToken: (options) => tokens.get({ accountId, signInNumber }, { ...options, signal }),
  });
}
