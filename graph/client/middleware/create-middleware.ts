import type { Context, Middleware } from '@microsoft/microsoft-graph-client';

/**
 * Creates a middleware of the Graph SDK from a function. `next` sends the request down the rest of the chain and may be
 * called several times; afterwards `context.response` is set.
 */
export function createMiddleware(execute: (context: Context, next: () => Promise<void>) => Promise<void>): Middleware {
  let following: Middleware | undefined;
  return {
    setNext(middleware) {
      following = middleware;
    },
    execute(context) {
      return execute(context, async () => {
        await following?.execute(context);
      });
    },
  };
}
