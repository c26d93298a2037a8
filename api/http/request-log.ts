import type { FastifyInstance } from 'fastify';

/**
 * One line per request, of harmless fields only: no query, no address, no header, no body. Leaves out health checks,
 * which would be most of the log.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    if (route === '/healthz' || route === '/readyz') return;
    const line = {
      reference: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      actor: request.principal?.actor,
    };
    request.log.info(line, 'request.answered');
  });
}
