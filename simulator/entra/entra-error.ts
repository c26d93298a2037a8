import { type AadstsCode, aadsts } from './aadsts.ts';

interface EntraErrorOptions {
  /** Replaces the code's usual `error` where it depends on the endpoint, such as `consent_required` at authorize. */
  readonly error?: string;
  readonly suberror?: string;
  readonly status?: number;
  /** A claims challenge that the client passes to authorize. */
  readonly claims?: string;
  /** `cancel` after Cancel was pressed. */
  readonly subcode?: string;
  readonly retryAfterSeconds?: number;
}

/** A refusal in Entra's format: an AADSTS code with its OAuth error. */
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

/** Identifies one request in an error: shown on pages, sent to clients, returned in headers. */
export interface ErrorTrace {
  readonly traceId: string;
  readonly correlationId: string;
  readonly timestamp: string;
}

/** "2020-03-26 22:54:14Z", the time format of Entra. */
export function entraTimestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** The content of a refusal; a fault may set any values. */
export type RefusalWords = Pick<EntraError, 'error' | 'message'> & {
  readonly code: number;
  readonly suberror?: string | undefined;
  readonly claims?: string | undefined;
};

/** The text of `error_description`: the code, the sentence, and the ids that support would ask for. */
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
