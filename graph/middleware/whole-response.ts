import type { Middleware } from '@microsoft/microsoft-graph-client';
import { withDeadline } from '../deadline.ts';
import { createMiddleware } from './create-middleware.ts';

/**
 * Last in the chain: sends the request and reads the answer whole, both under one deadline. A page that breaks off in
 * the middle is thus a broken connection like any other, and the middleware before this one repeats it.
 *
 * The SDK's own HTTPMessageHandler returns at the headers, with nothing to end a body that hangs.
 */
export function wholeResponse(fetch: typeof globalThis.fetch, timeoutMs: number): Middleware {
  return createMiddleware(async (context) => {
    const target = typeof context.request === 'string' ? context.request : context.request.url;
    context.response = await withDeadline(timeoutMs, context.options?.signal, target, async (signal) => {
      const response = await fetch(context.request, { ...context.options, redirect: 'manual', signal });
      const body = await response.arrayBuffer();
      const { status, headers } = response;
      return new Response(status === 204 || status === 304 ? null : body, { status, headers });
    });
  });
}
