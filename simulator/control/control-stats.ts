import type { FastifyInstance } from 'fastify';
import type { GraphContext } from '../graph/graph-context.ts';

/** `/control/stats`: counts of requests, and the highest concurrency. */
export function registerControlStats(app: FastifyInstance, { stats }: GraphContext): void {
  app.get('/control/stats', () => stats.snapshot());

  app.delete('/control/stats', (_, reply) => {
    stats.reset();
    return reply.code(204).send();
  });
}
