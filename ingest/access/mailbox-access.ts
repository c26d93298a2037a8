import { findAccess } from '../../database/accounts/account-access.ts';
import type { SignInRef } from '../../database/accounts/account-sign-in.ts';
import { getSettings } from '../../database/accounts/settings.ts';
import { findTokenCache, replaceTokenCache } from '../../database/sign-in/token-caches.ts';
import type { MailboxPlace } from '../../domain/account-access.ts';
import { acquireAccessToken, type TokenCacheStore } from '../../graph/entra/access-token.ts';
import type { TokenPurpose } from '../../graph/entra/scopes.ts';
import { createMailboxClient, type MailboxClient } from '../../graph/mail/mailbox-client.ts';
import type { Dependencies } from '../dependencies.ts';
import { createApplicationTokens } from './application-tokens.ts';
import { type ApplicationTokens, createHeldTokens, type HeldTokens } from './held-tokens.ts';

/**
 * The access tokens of all accounts, refreshed when needed; refreshed tokens are stored before they are used. Accounts that
 * are read with the application's own rights share its token.
 */
export function createAccountTokens(
  dependencies: Pick<Dependencies, 'db' | 'keys' | 'cloud' | 'certificate'>,
  purpose: TokenPurpose = 'reading',
  application: ApplicationTokens = createApplicationTokens(dependencies),
): HeldTokens {
  const { db, keys, cloud, certificate } = dependencies;
  return createHeldTokens(async (accountId, options) => {
    if ((await findAccess(db, accountId)) === 'application') return undefined;
    const store: TokenCacheStore = {
      read: () => findTokenCache(db, keys, accountId),
      write: (cache, expectedVersion) => replaceTokenCache(db, keys, accountId, cache, expectedVersion),
    };
    const settings = await getSettings(db, keys, certificate);
    return await acquireAccessToken({ cloud, settings, store, purpose, ...options });
  }, application);
}

export interface MailboxToOpen extends SignInRef, MailboxPlace {}

/** A client of the account's mailbox. It requests a token with its first request. */
export function openMailbox(
  { cloud, tokens }: Pick<Dependencies, 'cloud' | 'tokens'>,
  { accountId, signInNumber, sharedAddress, applicationAddress }: MailboxToOpen,
  signal: AbortSignal,
): MailboxClient {
  return createMailboxClient({
    cloud,
    sharedAddress,
    applicationAddress,
    getAccessToken: (options) => tokens.get({ accountId, signInNumber }, { ...options, signal }),
  });
}
