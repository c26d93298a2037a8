import { getSettings } from '../../database/accounts/settings.ts';
import { findApplicationFacts } from '../../database/application-access/application-access.ts';
import { applicationHindrance } from '../../domain/application-access.ts';
import { Failure } from '../../domain/failure.ts';
import { type AccessToken, LEAST_TOKEN_LIFE_MS } from '../../graph/entra/access-token.ts';
import { acquireApplicationToken } from '../../graph/entra/application-token.ts';
import type { Dependencies } from '../dependencies.ts';
import type { ApplicationTokens, TokenOptions } from './held-tokens.ts';

/** A finding that the application reads too much has to stop all workers soon; a query each for that, not for each poll. */
const FACTS_TRUSTED_MS = 5_000;
/** Accounts that were refused together ask for a new token together: the one that was just made answers all of them. */
const NEW_FOR_MS = 10_000;
/** Not the signal of the account that asked first: others wait for the same token. */
const REQUEST_TIMEOUT_MS = 30_000;

interface Held {
  readonly app: string;
  readonly token: AccessToken;
  readonly acquiredAt: number;
}

/**
 * The application's own token: one for all accounts of this process, fetched once however many ask for it, and renewed
 * before its end. Each use asks whether application access is switched on and proved to be limited.
 *
 * Throws AccessRefused (`application-access-off`, `application-not-proved`) where it is not, and what
 * `acquireApplicationToken` throws.
 */
export function createApplicationTokens(
  { db, keys, cloud, certificate }: Pick<Dependencies, 'db' | 'keys' | 'cloud' | 'certificate'>,
  factsTrustedMs = FACTS_TRUSTED_MS,
): ApplicationTokens {
  let held: Held | undefined;
  const underWay = new Map<string, Promise<AccessToken>>();
  let facts: { readonly found: ReturnType<typeof findApplicationFacts>; readonly at: number } | undefined;

  /** The app whose rights may be used now. */
  async function requireApp(): Promise<string> {
    const now = performance.now();
    if (facts === undefined || now - facts.at >= factsTrustedMs) facts = { found: findApplicationFacts(db), at: now };
    const asked = facts;
    const found = await asked.found.catch((error: unknown) => {
      if (facts === asked) facts = undefined;
      throw error;
    });
    const reason = applicationHindrance(found);
    if (reason === undefined && found.currentApp !== null) return found.currentApp;
    throw new Failure('AccessRefused', 'The rights of the application may not be used', { reason });
  }

  async function acquire(app: string, claims: string | undefined): Promise<AccessToken> {
    const settings = await getSettings(db, keys, certificate);
    const token = await acquireApplicationToken({ cloud, settings, claims, timeoutMs: REQUEST_TIMEOUT_MS });
    held = { app, token, acquiredAt: Date.now() };
    return token;
  }

  return {
    async get({ forceRefresh, claims, signal }: TokenOptions): Promise<string> {
      const app = await requireApp();
      const now = Date.now();
      const isGood = held?.app === app && held.token.expiresAt.getTime() - now > LEAST_TOKEN_LIFE_MS;
      const isAskedAgain = forceRefresh === true || claims !== undefined;
      if (held && isGood && (!isAskedAgain || now - held.acquiredAt < NEW_FOR_MS)) return held.token.token;
      const request = `${app} ${claims ?? ''}`;
      let asked = underWay.get(request);
      if (asked === undefined) {
        asked = acquire(app, claims).finally(() => underWay.delete(request));
        underWay.set(request, asked);
      }
      const { token } = await asked;
      signal?.throwIfAborted();
      return token;
    },
  };
}
