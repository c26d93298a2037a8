import type { SignInRef } from '../../database/accounts/account-sign-in.ts';
import type { AccessTokenOptions } from '../../graph/client/middleware/authentication.ts';
import { type AccessToken, LEAST_TOKEN_LIFE_MS } from '../../graph/entra/access-token.ts';

/** Options of a token request. */
export type TokenOptions = AccessTokenOptions & { readonly signal?: AbortSignal };

/** A token of the account's sign-in; undefined: the account is read with the application's own rights. */
type Acquire = (accountId: string, options: TokenOptions) => Promise<AccessToken | undefined>;

/** Tokens of the application, which are the same for all accounts. */
export interface ApplicationTokens {
  get(options: TokenOptions): Promise<string>;
}

export interface HeldTokens {
  /** A token for the account's mailbox; requests a new one where the options ask for that. */
  get(signIn: SignInRef, options?: TokenOptions): Promise<string>;
}

interface HeldToken {
  readonly signInNumber: number;
  /** Undefined: the application's, which are held elsewhere. */
  readonly token: AccessToken | undefined;
}

/** Interval of dropping expired tokens. */
const SWEEP_EVERY_MS = 60_000;

/**
 * Keeps access tokens in memory only, while they are valid: mailboxes are polled every few seconds, and reading and
 * decrypting the token cache each time would cost more than the poll. One instance for all mailboxes is safe, because
 * it holds only access tokens by account. A token of an earlier sign-in is ignored: a person signs in again because of
 * what the old one does not allow.
 */
export function createHeldTokens(acquire: Acquire, application: ApplicationTokens): HeldTokens {
  const held = new Map<string, HeldToken>();
  let sweptAt = Date.now();

  const isGood = ({ expiresAt }: AccessToken, now: number) => expiresAt.getTime() - now > LEAST_TOKEN_LIFE_MS;

  function sweep(now: number): void {
    if (now - sweptAt < SWEEP_EVERY_MS) return;
    sweptAt = now;
    for (const [accountId, { token }] of held) if (token && !isGood(token, now)) held.delete(accountId);
  }

  return {
    async get({ accountId, signInNumber }, options = {}) {
      const now = Date.now();
      sweep(now);
      const found = held.get(accountId);
      if (found?.signInNumber === signInNumber) {
        if (found.token === undefined) return await application.get(options);
        const mustAsk = options.forceRefresh || options.claims !== undefined;
        if (!mustAsk && isGood(found.token, now)) return found.token.token;
      }
      held.delete(accountId);
      const token = await acquire(accountId, options);
      held.set(accountId, { signInNumber, token });
      return token === undefined ? await application.get(options) : token.token;
    },
  };
}
