import type { AccountInfo, TokenCache } from '@azure/msal-node';
import { Failure, isFailure } from '../../domain/failure.ts';
import type { MailboxKind } from '../../domain/mailbox-kind.ts';
import { UnexpectedAnswer } from '../client/unexpected-answer.ts';
import type { MicrosoftCloud } from '../cloud.ts';
import type { EntraSettings } from './entra-settings.ts';
import { createMsalApplication } from './msal-application.ts';
import { graphScopes, type TokenPurpose } from './scopes.ts';
import { withEitherCredential } from './with-either-credential.ts';

/** Encrypted store for the tokens of one account; several processes may use it at the same time. */
export interface TokenCacheStore {
  /** The stored cache and its version, or undefined when the account has no sign-in. */
  read(): Promise<StoredTokenCache | undefined>;
  /** Stores the cache if the version is still the expected one; false when another process was first. */
  write(cache: string, expectedVersion: number): Promise<boolean>;
}

export interface StoredTokenCache {
  /** MSAL's serialised cache. It holds the refresh token in clear. */
  readonly cache: string;
  readonly version: number;
  /** The mailbox kind of the sign-in. A token is only ever renewed for what was allowed then. */
  readonly mailbox: MailboxKind;
}

export interface AccessTokenRequest {
  readonly cloud: MicrosoftCloud;
  readonly settings: EntraSettings;
  readonly store: TokenCacheStore;
  /** Reading by default. For sending, CredentialRejected with `consent-needed` says that only reading is allowed. */
  readonly purpose?: TokenPurpose | undefined;
  /** Requests a new token from Entra although the stored one is still valid. */
  readonly forceRefresh?: boolean | undefined;
  /** The JSON text of a claims challenge; always asks Entra. */
  readonly claims?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface AccessToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** MSAL renews a token with less time left, so holders drop theirs then. */
export const LEAST_TOKEN_LIFE_MS = 5 * 60_000;

/** Three: losing the race twice means many processes on one account, and all of them now hold good tokens. */
const ATTEMPTS = 3;

/**
 * An access token for Graph: the stored one while it has five minutes left, otherwise a new one by the refresh token.
 *
 * MSAL has no lock between processes and Entra issues a new refresh token each time, so the store compares and sets: a
 * process that comes second discards its own result and uses the stored one. The same holds when Entra rejects a
 * refresh token that another process has replaced.
 *
 * Throws CredentialRejected (a person must sign in again), SettingsRejected (a fault of the global properties, of no
 * account), Throttled, Unavailable.
 */
export async function acquireAccessToken(request: AccessTokenRequest): Promise<AccessToken> {
  const { store } = request;
  let { forceRefresh } = request;
  let stored: StoredTokenCache = await readCache(store);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { acquired, changedCache } = await withEitherCredential(request.settings, (settings) =>
        acquire(stored, { ...request, settings, forceRefresh }),
      );
      if (changedCache === undefined) return acquired;
      if (await store.write(changedCache, stored.version)) return acquired;
      if (attempt === ATTEMPTS) return acquired;
      stored = await readCache(store);
    } catch (error) {
      if (!isFailure(error, 'CredentialRejected') || attempt === ATTEMPTS) throw error;
      const current = await store.read();
      if (current === undefined || current.version === stored.version) throw error;
      stored = current;
    }
    forceRefresh = false;
  }
}

async function readCache(store: TokenCacheStore): Promise<StoredTokenCache> {
  const stored = await store.read();
  if (stored !== undefined) return stored;
  throw new Failure('CredentialRejected', 'This account has not signed in', { reason: 'not-signed-in' });
}

async function acquire(
  { cache, mailbox }: StoredTokenCache,
  { cloud, settings, purpose, forceRefresh = false, claims, signal }: AccessTokenRequest,
): Promise<{ acquired: AccessToken; changedCache: string | undefined }> {
  const msal = createMsalApplication(cloud, settings, signal);
  return msal.run(async (application) => {
    const tokens = application.getTokenCache();
    const account = await restoreAccount(tokens, cache);
    if (account === undefined) {
      throw new Failure('CredentialRejected', 'The stored sign-in cannot be used', { reason: 'not-signed-in' });
    }
    const { accessToken: token, expiresOn } = await application.acquireTokenSilent({
      account,
      scopes: graphScopes(cloud, mailbox, purpose),
      forceRefresh,
      ...(claims === undefined ? {} : { claims }),
    });
    if (token === '') throw new UnexpectedAnswer('Entra gave no access token');
    return {
      acquired: { token, expiresAt: expiresOn ?? new Date() },
      changedCache: msal.askedEntra ? tokens.serialize() : undefined,
    };
  });
}

/** The one account of a cache; undefined when the cache is damaged (the parser's error would quote tokens). */
async function restoreAccount(tokens: TokenCache, cache: string): Promise<AccountInfo | undefined> {
  try {
    tokens.deserialize(cache);
  } catch {
    return undefined;
  }
  return (await tokens.getAllAccounts())[0];
}
