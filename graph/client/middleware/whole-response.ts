import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import { withDeadline } from '../deadline.ts';
import { wholeBody } from '../whole-body.ts';
import { createMiddleware } from './create-middleware.ts';

/**
 * Bytes. A page of 50 messages has some millions; Exchange allows 150 MB for one message, and a worker reads several
 * mailboxes at a time.
 */
const MOST_ANSWER_BYTES = 256 * 1024 * 1024;

/**
 * Last in the chain: sends the request and reads the whole answer, both under one deadline. A page that breaks off in
 * the middle is thus a broken connection like any other, and the previous middleware repeats it.
 *
 * The SDK's own HTTPMessageHandler returns at the headers, and does not end a body that hangs.
 */
export function wholeResponse(
  fetch: typeof globalThis.fetch,
  timeoutMs: number,
  mostBytes = MOST_ANSWER_BYTES,
): Middleware {
  return createMiddleware(async (context) => {
    const target = typeof context.request === 'string' ? context.request : context.request.url;
    if (isStreamed(context)) {
      context.response = await streamedResponse(fetch, context, timeoutMs, mostBytes);
      return;
    }
    context.response = await withDeadline(timeoutMs, context.options?.signal, target, async (signal) => {
      const response = await fetch(context.request, { ...context.options, redirect: 'manual', signal });
      return await readWhole(response, mostBytes);
    });
  });
}

/** Request option: a success is passed on unread, and its body ends with the caller's signal. */
export const STREAM_OPTION = 'mailroomStream';

function isStreamed({ options }: Context): boolean {
  return (options as Readonly<Record<string, unknown>> | undefined)?.[STREAM_OPTION] === true;
}

/** The deadline covers the headers of a success, and all of a refusal. */
async function streamedResponse(
  fetch: typeof globalThis.fetch,
  { request, options }: Context,
  timeoutMs: number,
  mostBytes: number,
): Promise<Response> {
  const target = typeof request === 'string' ? request : request.url;
  const ended = new AbortController();
  const callers = options?.signal ? [options.signal, ended.signal] : [ended.signal];
  return await withDeadline(timeoutMs, options?.signal, target, async (signal) => {
    const onAbort = () => ended.abort();
    signal.addEventListener('abort', onAbort, { once: true });
    const response = await fetch(request, { ...options, redirect: 'manual', signal: AbortSignal.any(callers) });
    if (response.status !== 200) return await readWhole(response, mostBytes);
    signal.removeEventListener('abort', onAbort);
    return response;
  });
}

/** A `Response` can have neither a body with one of these, nor a status above 599, which some gateways make up. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);
const LAST_STATUS = 599;

async function readWhole(response: Response, mostBytes: number): Promise<Response> {
  const body = await wholeBody(response, mostBytes);
  const { headers } = response;
  const status = Math.min(response.status, LAST_STATUS);
  return new Response(WITHOUT_BODY.has(status) ? null : body, { status, headers });
}
