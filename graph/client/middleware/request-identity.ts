import { randomUUID } from 'node:crypto';
import type { Middleware } from '@microsoft/microsoft-graph-client';
import { createMiddleware } from './create-middleware.ts';

/**
 * Identifies us and the request, so that Microsoft's support can find it
 * (learn.microsoft.com/graph/best-practices-concept).
 */
export function requestIdentity(userAgent: string): Middleware {
  return createMiddleware((context, next) => {
    context.options = {
      ...context.options,
      headers: { ...context.options?.headers, 'user-agent': userAgent, 'client-request-id': randomUUID() },
    };
    return next();
  });
}
