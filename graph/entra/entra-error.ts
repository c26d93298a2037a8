import { safeToken } from '../client/safe-token.ts';

/** A refusal of Entra: the body of a token error, or the query at the redirect URI. */
export interface EntraError {
  /** HTTP status; undefined for what arrives at the redirect URI. */
  readonly status?: number | undefined;
  /** OAuth's `error`, such as `invalid_grant`. */
  readonly error?: string | undefined;
  readonly suberror?: string | undefined;
  /** AADSTS numbers, most important first. */
  readonly codes: readonly number[];
  readonly traceId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** Reads the body of a token endpoint's error; never throws, whatever the body is. */
export function parseEntraError(body: unknown): EntraError {
  if (typeof body !== 'object' || body === null) return { codes: [] };
  const { error, suberror, error_codes, error_description, trace_id } = body as Record<string, unknown>;
  const codes = Array.isArray(error_codes) ? error_codes.filter((code) => Number.isSafeInteger(code)) : [];
  return {
    error: safeToken(error),
    suberror: safeToken(suberror),
    codes: codes.length > 0 ? codes : aadstsNumbers(error_description),
    traceId: safeToken(trace_id) ?? traceIdIn(error_description),
  };
}

/** The trace id in a description, for Microsoft's support: at the redirect URI it appears nowhere else. */
export function traceIdIn(description: unknown): string | undefined {
  if (typeof description !== 'string') return undefined;
  return /\bTrace ID: ([\da-f-]{36})\b/i.exec(description.slice(0, 4_000))?.[1];
}

/** The AADSTS numbers in a description. Its text is personal (it names users) and not used otherwise. */
export function aadstsNumbers(description: unknown): number[] {
  if (typeof description !== 'string') return [];
  return Array.from(description.slice(0, 4_000).matchAll(/\bAADSTS(\d{4,8})\b/g), (match) => Number(match[1]));
}
