import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import { Failure } from '../../../domain/failure.ts';
import { withDeadline } from '../deadline.ts';
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
      const body = await wholeBody(response, mostBytes);
      const { status, headers } = response;
      return new Response(status === 204 || status === 304 ? null : body, { status, headers });
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
    if (response.status !== 200) {
      const { status, headers } = response;
      const body = await wholeBody(response, mostBytes);
      return new Response(status === 204 || status === 304 ? null : body, { status, headers });
    }
    signal.removeEventListener('abort', onAbort);
    return response;
  });
}

async function wholeBody(response: Response, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      throw new Failure('Unavailable', 'Microsoft answered with more than fits into memory', {
        reason: 'service-down',
        code: ANSWER_TOO_LARGE,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

/** Not repeated: the same request would get the same answer. */
export const ANSWER_TOO_LARGE = 'answer-too-large';
