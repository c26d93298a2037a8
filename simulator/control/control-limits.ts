import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseBody } from '../entra/control/control-reply.ts';
import type { GraphContext } from '../graph/graph-context.ts';
import { DEFAULT_LIMITS, type Limits } from '../graph/limits.ts';

const Count = z.int().min(1).optional();
/** May be zero or a fraction, so that tests need not wait. */
const Amount = z.number().min(0).optional();
const NewLimits = z.strictObject({
  concurrentRequests: Count,
  latencyMs: z.number().min(0).max(600_000).optional(),
  requestsPerWindow: Count,
  windowSeconds: Count,
  deltaGenerationsKept: Count,
  subscriptionLeastMinutes: Amount,
  subscriptionMostMinutes: Amount,
  subscriptionsPerMailbox: Count,
  duplicateSubscriptionsRefused: z.boolean().optional(),
  reauthorizationLeadSeconds: Amount,
  validationTimeoutMs: Count,
  slowAnswerMs: Count,
  endpointWindowSeconds: Amount,
  endpointJudgedAfter: Count,
  slowPercent: Amount,
  slowDelayMs: Amount,
  dropPercent: Amount,
  dropSeconds: Amount,
  retryFirstMs: Amount,
  retryForSeconds: Amount,
  recipientsPerMessage: Count,
  recipientsPerDay: Count,
  sendsPerMinute: Count,
  messageBytes: Count,
  uploadLeastBytes: Amount,
  uploadMostBytes: Count,
  uploadRangeBytes: Count,
  uploadLifeSeconds: Amount,
} satisfies Record<keyof Limits, z.ZodType>);

/** `/control/limits`: how much a mailbox and a notification endpoint accept. DELETE restores Microsoft's numbers. */
export function registerControlLimits(app: FastifyInstance, { limits }: GraphContext): void {
  app.get('/control/limits', () => limits.current());

  app.put('/control/limits', (request) => {
    const given = Object.entries(parseBody(NewLimits, request)).filter(([, value]) => value !== undefined);
    return limits.change(Object.fromEntries(given));
  });

  app.delete('/control/limits', () => limits.change(DEFAULT_LIMITS));
}
