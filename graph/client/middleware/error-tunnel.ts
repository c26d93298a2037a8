import { GraphClientError, type Middleware } from '@microsoft/microsoft-graph-client';
import { createMiddleware } from './create-middleware.ts';

/**
 * First in the chain. The SDK rewraps every error as a GraphError and loses its type, except its own GraphClientError,
 * so our errors are wrapped in one.
 */
export function errorTunnel(): Middleware {
  return createMiddleware(async (_context, next) => {
    try {
      await next();
    } catch (error) {
      throw Object.assign(new GraphClientError(), { customError: error });
    }
  });
}

/** The error inside the wrapper, or the given one. */
export function tunnelledError(error: unknown): unknown {
  return error instanceof GraphClientError && error.customError !== undefined ? error.customError : error;
}
