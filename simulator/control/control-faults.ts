import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ControlError, parseBody } from '../entra/control/control-reply.ts';
import { ADDRESS_KINDS, FAULT_KINDS, FAULT_MERCIES, FAULT_REASONS } from '../faults.ts';
import type { GraphContext } from '../graph/graph-context.ts';

const NewFault = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  mailbox: z.string().optional(),
  endpoint: z.string().optional(),
  count: z.int().min(1).optional(),
  probability: z.number().gt(0).max(1).optional(),
  seed: z.int().min(0).optional(),
  retryAfterSeconds: z.number().min(0).optional(),
  delayMs: z.int().min(0).max(600_000).optional(),
  emptyBody: z.boolean().optional(),
  messageId: z.string().optional(),
  reason: z.enum(FAULT_REASONS).optional(),
  pageSize: z.int().min(1).optional(),
  spares: z.enum(FAULT_MERCIES).optional(),
  addressIs: z.enum(ADDRESS_KINDS).optional(),
  aadsts: z.int().min(10_000).max(99_999_999).optional(),
  error: z.string().optional(),
  suberror: z.string().optional(),
  status: z.int().min(200).max(599).optional(),
  skewSeconds: z.int().optional(),
});

/** `/control/faults`: switches faults on and off, and lists them. */
export function registerControlFaults(app: FastifyInstance, { faults }: GraphContext): void {
  app.get('/control/faults', () => ({ faults: faults.list(), kinds: FAULT_KINDS }));

  app.post('/control/faults', (request, reply) => reply.code(201).send(faults.add(parseBody(NewFault, request))));

  app.delete('/control/faults', () => ({ removed: faults.remove() }));

  app.delete<{ Params: { id: string } }>('/control/faults/:id', (request, reply) => {
    if (faults.remove(Number(request.params.id)) === 0) {
      throw new ControlError(404, 'FaultNotFound', 'No fault has this id; it may have struck as often as it should.');
    }
    return reply.code(204).send();
  });
}
