import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorTrace, entraTimestamp } from './entra-error.ts';
import type { Parameters } from './form-parameters.ts';

/** Scheme, host and port as the client wrote them: the prefix of every URL in an answer. */
export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}

/** The ids of one request. A correlation id comes from `client-request-id` where the client sent a GUID. */
export function traceOf(request: FastifyRequest, parameters: Parameters = {}): ErrorTrace {
  const sent = parameters['client-request-id'] ?? request.headers['client-request-id'];
  const correlationId = typeof sent === 'string' && GUID.test(sent) ? sent : randomUUID();
  return { traceId: randomUUID(), correlationId, timestamp: entraTimestamp(Date.now()) };
}

/** The headers by which Microsoft's support identifies a request. */
export function sendTrace(reply: FastifyReply, trace: ErrorTrace): void {
  reply.header('x-ms-request-id', trace.traceId).header('client-request-id', trace.correlationId);
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
