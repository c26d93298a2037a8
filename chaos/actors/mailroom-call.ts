import type { Outcome } from '../record/operation.ts';

/** One request to Mailroom, with what is known about its outcome. */
export interface Called {
  readonly start: number;
  readonly end: number;
  readonly outcome: Outcome;
  /** Undefined where no answer came. */
  readonly status?: number | undefined;
  readonly body?: unknown;
  /** From the problem document, where the API named a reason. */
  readonly reason?: string | undefined;
}

/** Calls one of the API processes, as the holder of an API key. Bytes are sent as they are, everything else as JSON. */
export type CallMailroom = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Called>;

/** Longer than the API's time limit for a command, shorter than some processes are frozen. */
const ANSWER_WITHIN_MS = 15_000;

/**
 * Calls the APIs in turn, and the other one where nothing is listening, as a balancer would. Never throws. Refused by
 * the API (4xx): it was not done. A 5xx or no answer: unknown. A request that could not be sent to any API certainly
 * was not done.
 */
export function createMailroomCaller(apiUrls: readonly string[], key: string): CallMailroom {
  let turn = 0;
  return async (method, path, body, headers = {}) => {
    const start = Date.now();
    for (const _ of apiUrls) {
      const url = apiUrls[turn++ % apiUrls.length] as string;
      const called = await send(`${url}/api/v1${path}`, method, body, { ...headers, authorization: `Bearer ${key}` });
      if (called !== 'never sent') return { ...called, start, end: Date.now() };
    }
    return { start, end: Date.now(), outcome: 'refused' };
  };
}

async function send(
  url: string,
  method: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<Omit<Called, 'start' | 'end'> | 'never sent'> {
  const isBytes = body instanceof Uint8Array;
  try {
    const response = await fetch(url, {
      method,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      headers: {
        ...(body === undefined ? {} : { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isBytes ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = text === '' ? undefined : (JSON.parse(text) as { reason?: unknown });
    const { status } = response;
    if (response.ok) return { outcome: 'done', status, body: answer };
    const reason = typeof answer?.reason === 'string' ? answer.reason : undefined;
    return { outcome: status < 500 ? 'refused' : 'unknown', status, body: answer, reason };
  } catch (error) {
    return wasNeverSent(error) ? 'never sent' : { outcome: 'unknown' };
  }
}

function wasNeverSent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const causes = cause instanceof AggregateError ? cause.errors : [cause];
  return causes.every((each) => each instanceof Error && 'code' in each && each.code === 'ECONNREFUSED');
}
