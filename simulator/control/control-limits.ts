import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseBody } from '../entra/control/control-reply.ts';
import type { GraphContext } from '../graph/graph-context.ts';
import { DEFAULT_LIMITS } from '../graph/limits.ts';

const Limit = z.int().min(1).optional();
const NewLimits = z.strictObject({
  concurrentRequests: Limit,
  requestsPerWindow: Limit,
  windowSeconds: Limit,
  deltaGenerationsKept: Limit,
});

/** `/control/limits`: how much a mailbox takes. DELETE brings Microsoft's numbers back. */
export function registerControlLimits(app: FastifyInstance, { limits }: GraphContext): void {
  app.get('/control/limits', () => limits.current());

  app.put('/control/limits', (request) => {
    const given = Object.entries(parseBody(NewLimits, request)).filter(([, value]) => value !== undefined);
    return limits.change(Object.fromEntries(given));
  });

  app.delete('/control/limits', () => limits.change(DEFAULT_LIMITS));
}
