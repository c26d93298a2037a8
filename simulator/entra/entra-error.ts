import { type AadstsCode, aadsts } from './aadsts.ts';

interface EntraErrorOptions {
  /** Replaces the usual `error` of the code where the place decides it, such as `consent_required` at authorize. */
  readonly error?: string;
  readonly suberror?: string;
  readonly status?: number;
  /** A claims challenge that the client hands back to authorize. */
  readonly claims?: string;
  /** `cancel` where a person pressed Cancel. */
  readonly subcode?: string;
  readonly retryAfterSeconds?: number;
}

/** A refusal in Entra's own words: an AADSTS code with the OAuth error it travels under. */
export class EntraError extends Error {
  override readonly name = 'EntraError';
  readonly code: AadstsCode;
  readonly error: string;
  readonly suberror: string | undefined;
  readonly status: number;
  readonly claims: string | undefined;
  readonly subcode: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: AadstsCode, words: Readonly<Record<string, string>> = {}, options: EntraErrorOptions = {}) {
    const entry = aadsts(code);
    super(entry.sentence.replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? ''));
    this.code = code;
    this.error = options.error ?? entry.error;
    this.suberror = options.suberror ?? entry.suberror;
    this.status = options.status ?? entry.status ?? 400;
    this.claims = options.claims;
    this.subcode = options.subcode;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** What ties an error to one request: shown to people, sent to clients, returned in headers. */
export interface ErrorTrace {
  readonly traceId: string;
  readonly correlationId: string;
  readonly timestamp: string;
}

/** "2020-03-26 22:54:14Z", as Entra writes times. */
export function entraTimestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** What an answer says of a refusal; a fault may say anything. */
export type RefusalWords = Pick<EntraError, 'error' | 'message'> & {
  readonly code: number;
  readonly suberror?: string | undefined;
  readonly claims?: string | undefined;
};

/** The text of `error_description`: the code, the sentence, and what support would ask for. */
export function errorDescription(error: RefusalWords, trace: ErrorTrace): string {
  const lines = [
    `AADSTS${error.code}: ${error.message}`,
    `Trace ID: ${trace.traceId}`,
    `Correlation ID: ${trace.correlationId}`,
    `Timestamp: ${trace.timestamp}`,
  ];
  return lines.join('\r\n');
}

/** The JSON body of the token endpoint's errors; fields as in Microsoft's samples. */
export function errorBody(error: RefusalWords, trace: ErrorTrace, origin: string): Record<string, unknown> {
  return {
    error: error.error,
    ...(error.suberror === undefined ? {} : { suberror: error.suberror }),
    error_description: errorDescription(error, trace),
    error_codes: [error.code],
    timestamp: trace.timestamp,
    trace_id: trace.traceId,
    correlation_id: trace.correlationId,
    error_uri: `${origin}/error?code=${error.code}`,
    ...(error.claims === undefined ? {} : { claims: error.claims }),
  };
}
