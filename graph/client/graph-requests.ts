import { Client, type GraphRequest, ResponseType } from '@microsoft/microsoft-graph-client';
import { Failure } from '../../domain/failure.ts';
import type { MicrosoftCloud } from '../cloud.ts';
import { GRAPH_VERSION } from '../mail/delta-link.ts';
import { clockSkewOf } from './clock-skew.ts';
import { foreignAnswer, type GraphSubject, graphFailure } from './graph-failure.ts';
import { authentication, type GetAccessToken } from './middleware/authentication.ts';
import { errorTunnel, tunnelledError } from './middleware/error-tunnel.ts';
import { requestIdentity } from './middleware/request-identity.ts';
import { DEFAULT_SHORT_RETRY, type ShortRetryOptions, shortRetry } from './middleware/short-retry.ts';
import { STREAM_OPTION, wholeResponse } from './middleware/whole-response.ts';
import { parseJson } from './parse-json.ts';
import { safeToken } from './safe-token.ts';

/** 90 s: Graph's own gateway gives up on a big page before that, with a 504. */
const REQUEST_TIMEOUT_MS = 90_000;

export interface GraphRequestOptions {
  readonly cloud: MicrosoftCloud;
  /** The token of the account; may throw a Failure, which passes through unchanged. */
  readonly getAccessToken: GetAccessToken;
  readonly userAgent?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly timeoutMs?: number | undefined;
  readonly retry?: ShortRetryOptions | undefined;
  /** Asks for answers without compression: for small ones, unpacking costs more than their transfer. */
  readonly uncompressed?: boolean | undefined;
}

export interface GraphAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined when the answer was not JSON. */
  readonly body: unknown;
}

/**
 * An answer that was delayed, or lay unread while this process was suspended, has an old time: an account enabled *from
 * now on* would start that much earlier, and route mail that it should leave out.
 */
const CLOCK_TOLD_WITHIN_MS = 2_000;

/**
 * Requests to Graph for one account: the SDK with our own middleware, answers read whole, errors as they were thrown.
 */
export function createGraphRequests(options: GraphRequestOptions) {
  const { cloud, getAccessToken, userAgent = 'Mailroom', fetch = globalThis.fetch } = options;
  const underWay = new Set<Promise<GraphAnswer>>();
  let requestsSent = 0;
  let clockSkewMs: number | undefined;
  const observedFetch: typeof globalThis.fetch = async (...request) => {
    requestsSent += 1;
    const sentAt = Date.now();
    const response = await fetch(...request);
    const readAt = Date.now();
    if (readAt - sentAt <= CLOCK_TOLD_WITHIN_MS) clockSkewMs = clockSkewOf(response.headers, readAt) ?? clockSkewMs;
    return response;
  };
  const graph = Client.initWithMiddleware({
    baseUrl: cloud.graphUrl,
    defaultVersion: GRAPH_VERSION,
    middleware: [
      errorTunnel(),
      requestIdentity(userAgent),
      authentication(cloud.graphUrl, getAccessToken),
      shortRetry(options.retry ?? DEFAULT_SHORT_RETRY),
      wholeResponse(observedFetch, options.timeoutMs ?? REQUEST_TIMEOUT_MS),
    ],
  });

  function answerOf(...asked: Parameters<typeof ask>): Promise<GraphAnswer> {
    const answer = ask(...asked).finally(() => underWay.delete(answer));
    underWay.add(answer);
    return answer;
  }

  async function ask(
    request: GraphRequest,
    signal: AbortSignal | undefined,
    send: (request: GraphRequest) => Promise<Response>,
  ): Promise<GraphAnswer> {
    if (signal !== undefined) request.option('signal', signal);
    if (options.uncompressed === true) request.header('accept-encoding', 'identity');
    let response: Response;
    try {
      // RAW: the SDK parses other answers by content type, and returns a DOM for a gateway's HTML.
      response = await send(request.header('accept', 'application/json').responseType(ResponseType.RAW));
    } catch (error) {
      throw tunnelledError(error);
    }
    return { status: response.status, headers: response.headers, body: parseJson(await response.text()) };
  }

  /** A success with its body unread: the caller reads it, or cancels it. A refusal is read whole. */
  async function stream(
    request: GraphRequest,
    signal: AbortSignal | undefined,
  ): Promise<GraphAnswer & { readonly stream: ReadableStream<Uint8Array> | undefined }> {
    if (signal !== undefined) request.option('signal', signal);
    let response: Response;
    try {
      response = await request.option(STREAM_OPTION, true).responseType(ResponseType.RAW).get();
    } catch (error) {
      throw tunnelledError(error);
    }
    const { status, headers } = response;
    if (status !== 200) return { status, headers, body: parseJson(await response.text()), stream: undefined };
    return { status, headers, body: undefined, stream: response.body ?? undefined };
  }

  return {
    graph,
    stream,
    get: (request: GraphRequest, signal: AbortSignal | undefined) => answerOf(request, signal, (ready) => ready.get()),
    post: (request: GraphRequest, body: unknown, signal: AbortSignal | undefined) =>
      answerOf(request, signal, (ready) => ready.post(body)),
    patch: (request: GraphRequest, body: unknown, signal: AbortSignal | undefined) =>
      answerOf(request, signal, (ready) => ready.patch(body)),
    remove: (request: GraphRequest, signal: AbortSignal | undefined) =>
      answerOf(request, signal, (ready) => ready.delete()),
    /** The server's clock minus ours in milliseconds, by its last quick answer; undefined before the first. */
    clockSkewMs: () => clockSkewMs,
    /** Requests sent so far, including repetitions. */
    requestsSent: () => requestsSent,
    /** Resolves when no request is in flight. Never rejects. */
    async settled(): Promise<void> {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

/** The answer of a success. Throws the failure of a refusal; a success without valid JSON was cut off on its way. */
export function succeeded(answer: GraphAnswer, subject: GraphSubject): GraphAnswer {
  if (answer.status !== 200) throw graphFailure(answer, subject);
  if (answer.body !== undefined) return answer;
  throw new Failure('Unavailable', 'Microsoft Graph gave no JSON', {
    reason: foreignAnswer(answer) ?? 'service-down',
    status: answer.status,
    requestId: safeToken(answer.headers.get('request-id')),
  });
}
