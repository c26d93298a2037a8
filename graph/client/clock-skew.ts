/**
 * A clock is wrong from this difference on, in milliseconds: Microsoft's tokens tolerate five minutes, and a server
 * that synchronises its clock is off by less than a second.
 */
export const WRONG_CLOCK_MS = 60_000;
/** Tolerance of tokens (learn.microsoft.com/entra/identity-platform/access-tokens, "validate tokens"). */
export const TOKEN_CLOCK_TOLERANCE_MS = 5 * 60_000;

/** The answering server's clock minus ours in milliseconds, by the `Date` header, which has whole seconds. */
export function clockSkewOf(headers: Pick<Headers, 'get'>, nowMs: number): number | undefined {
  const serverTime = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(serverTime) ? undefined : serverTime - nowMs;
}

export function isWrongClock(skewMs: number | undefined): skewMs is number {
  return skewMs !== undefined && Math.abs(skewMs) >= WRONG_CLOCK_MS;
}
