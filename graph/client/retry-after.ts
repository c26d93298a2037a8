/** `2.128`: Graph does send fractions (learn.microsoft.com/graph/throttling). */
const SECONDS = /^\d{1,30}(\.\d{1,30})?$/;
/** The three forms of RFC 9110, section 5.6.7; the last of them (asctime) names no zone and means GMT. */
const HTTP_DATE = /^[A-Za-z]{3,9},? .{10,30}$/;

/**
 * Microsoft's windows are ten minutes at most (learn.microsoft.com/graph/throttling-limits). A server that needs more
 * time says so again; a mistyped header must not suspend a mailbox for years.
 */
const LONGEST_MS = 3_600_000;

/**
 * The delay that a `Retry-After` header requests, in milliseconds from `nowMs`, rounded up: early retries count against
 * the limit. At most an hour. A date in the past gives 0; a value that is neither seconds nor a date gives undefined.
 */
export function parseRetryAfter(value: string | null | undefined, nowMs: number): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  if (SECONDS.test(text)) return Math.min(Math.ceil(Number(text) * 1_000), LONGEST_MS);
  if (!HTTP_DATE.test(text)) return undefined;
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, at - nowMs), LONGEST_MS);
}
