import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { Failure } from '../../domain/failure.ts';
import { clockSkewOf } from '../client/clock-skew.ts';
import { withDeadline } from '../client/deadline.ts';
import { foreignAnswer } from '../client/graph-failure.ts';
import { parseJson } from '../client/parse-json.ts';
import { parseRetryAfter } from '../client/retry-after.ts';
import { safeToken } from '../client/safe-token.ts';
import type { UnexpectedAnswer } from '../client/unexpected-answer.ts';
import { shortBody } from '../client/whole-body.ts';
import { parseEntraError } from './entra-error.ts';
import { entraFailure } from './entra-failure.ts';
import { isTokenAnswer } from './token-answer.ts';

/**
 * 30 s: Entra answers a token request in well under a second; this only frees the slot of a request without an answer.
 */
const TOKEN_TIMEOUT_MS = 30_000;

export interface EntraExchange extends INetworkModule {
  /** True as soon as a request was sent. */
  readonly wasUsed: boolean;
  /** The error of the last request, if it failed. */
  readonly refusal: unknown;
  /** Entra's clock minus ours in milliseconds, by its last answer; undefined before the first. */
  readonly clockSkewMs: number | undefined;
}

/**
 * The network client that we give to MSAL. It has a deadline and the caller's signal, which MSAL's own one lacks for
 * token requests, and it keeps the whole refusal: MSAL passes on only the first AADSTS number, no Retry-After, and
 * throws `ServerError` for most rejected refresh tokens. A refusal is thrown, not returned: MSAL takes a 429 without a
 * body for a success and hands out an empty access token.
 */
export function createEntraExchange(signal?: AbortSignal, timeoutMs: number = TOKEN_TIMEOUT_MS): EntraExchange {
  let refusal: unknown;
  let wasUsed = false;
  let clockSkewMs: number | undefined;

  async function send<T>(method: string, url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    refusal = undefined;
    wasUsed = true;
    try {
      const { response, text } = await withDeadline(timeoutMs, signal, url, async (deadline) => {
        const response = await fetch(url, {
          method,
          headers: options?.headers ?? {},
          body: options?.body ?? null,
          redirect: 'manual', // never carry the client secret to another address
          signal: deadline,
        });
        return { response, text: await shortBody(response) };
      });
      clockSkewMs = clockSkewOf(response.headers, Date.now()) ?? clockSkewMs;
      const body = parseJson(text);
      const isUsable = method === 'POST' ? isTokenAnswer(body) : typeof body === 'object' && body !== null;
      if (response.status !== 200 || !isUsable) throw refusalOf(response, body);
      return { headers: Object.fromEntries(response.headers), body: body as T, status: response.status };
    } catch (error) {
      refusal = error;
      throw error;
    }
  }

  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
    get wasUsed() {
      return wasUsed;
    },
    get refusal() {
      return refusal;
    },
    get clockSkewMs() {
      return clockSkewMs;
    },
  };
}

/**
 * The failure in an answer of Entra. A 200 without JSON, or without a token, counts as an outage: something between us and
 * Entra answered.
 */
function refusalOf(response: Response, body: unknown): Failure | UnexpectedAnswer {
  const { status, headers } = response;
  const error = parseEntraError(body);
  const requestId = error.traceId ?? safeToken(headers.get('x-ms-request-id'));
  const foreign = foreignAnswer({ status, headers, body });
  if (foreign !== undefined) {
    const details = { reason: foreign, code: String(status), status, requestId };
    return new Failure('Unavailable', "Something else than Microsoft's sign-in service answered", details);
  }
  return entraFailure({
    ...error,
    traceId: requestId,
    status: status === 200 ? 502 : status,
    retryAfterMs: parseRetryAfter(headers.get('retry-after'), Date.now()),
  });
}
