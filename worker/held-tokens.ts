import type { GetAccessToken } from '../graph/middleware/authentication.ts';

/** MSAL hands out tokens with at least five minutes left; one that is used for less than that is still good at its end. */
const HOLD_MS = 4 * 60_000;

interface HeldToken {
  readonly token: string;
  readonly until: number;
}

/**
 * Remembers access tokens for some minutes, in memory only: looks come every few seconds, and reading and decrypting the
 * token cache for each would cost more than the look. A 401 asks for a fresh one and replaces it.
 */
export function createHeldTokens(
  acquire: (accountId: string, options: Parameters<GetAccessToken>[0]) => Promise<string>,
) {
  const held = new Map<string, HeldToken>();
  let sweptAt = Date.now();

  function sweep(now: number): void {
    if (now - sweptAt < HOLD_MS) return;
    sweptAt = now;
    for (const [accountId, { until }] of held) if (until <= now) held.delete(accountId);
  }

  return {
    /** The token source of one account, as a mailbox client wants it. */
    of(accountId: string): GetAccessToken {
      return async (options) => {
        const now = Date.now();
        sweep(now);
        const found = held.get(accountId);
        if (found && found.until > now && !options?.forceRefresh && options?.claims === undefined) return found.token;
        held.delete(accountId);
        const token = await acquire(accountId, options);
        held.set(accountId, { token, until: now + HOLD_MS });
        return token;
      };
    },
  };
}
