import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import { parseClaimsChallenge } from './claims-challenge.ts';
import { createMiddleware } from './create-middleware.ts';

export interface AccessTokenOptions {
  readonly forceRefresh?: boolean;
  /** JSON text of a claims challenge. */
  readonly claims?: string;
}
export type GetAccessToken = (options?: AccessTokenOptions) => Promise<string>;

/** 60 s: MSAL returns tokens with at least five minutes left, so a token this young lasts for every page of a drain. */
const TOKEN_REUSE_MS = 60_000;

interface HeldToken {
  readonly token: Promise<string>;
  readonly reusableUntil: number;
}

/**
 * Adds the token, and only to requests to Graph's own origin: a link from outside must never receive it. A 401 is
 * retried once, with what it requires: a token with the claims of its challenge, or a fresh one. The second 401 stands;
 * clients that go on have looped for hours (msgraph-sdk-java issue 2306). Concurrent requests share a token, and its
 * renewal.
 */
export function authentication(graphUrl: string, getAccessToken: GetAccessToken): Middleware {
  let held: HeldToken | undefined;

  function acquire(options?: AccessTokenOptions): HeldToken {
    const acquired = { token: getAccessToken(options), reusableUntil: Date.now() + TOKEN_REUSE_MS };
    acquired.token.catch(() => forget(acquired)); // the request that waits for it reports the failure
    held = acquired;
    return acquired;
  }

  function forget(token: HeldToken): void {
    if (held === token) held = undefined;
  }

  async function authorize(context: Context, { token }: HeldToken): Promise<void> {
    const headers = { ...context.options?.headers, authorization: `Bearer ${await token}` };
    context.options = { ...context.options, headers };
  }

  return createMiddleware(async (context, next) => {
    if (typeof context.request !== 'string' || !context.request.startsWith(`${graphUrl}/`)) return next();
    const used = held !== undefined && held.reusableUntil > Date.now() ? held : acquire();
    await authorize(context, used);
    await next();
    if (context.response?.status !== 401) return;

    const claims = parseClaimsChallenge(context.response.headers.get('www-authenticate'));
    // A concurrent request may have met the same refusal and be renewing already.
    if (held === used) acquire(claims === undefined ? { forceRefresh: true } : { claims });
    const renewed = held ?? acquire();
    await authorize(context, renewed);
    await next();
    if (context.response.status === 401) forget(renewed);
  });
}
