import type { FastifyInstance } from 'fastify';

/**
 * One line for each request, of what is known to be harmless: no query, no address, no header, no body. Health checks
 * are left out; they would be most of the log.
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
