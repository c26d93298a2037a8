import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphAnswer, GraphContext } from './graph-context.ts';
import { badRequest, errorBody, GraphError } from './graph-error.ts';
import { ConnectionReset, EmptyFailure, FOREIGN_PAGE, ForeignAnswer } from './strike-before.ts';

const JSON_TYPE = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

interface RequestIds {
  readonly requestId: string;
  readonly clientRequestId: string;
}

/** The ids of a request: ours, and the client's where it sent one. */
export function idsOf(request: FastifyRequest): RequestIds {
  const requestId = randomUUID();
  const sent = request.headers['client-request-id'];
  return { requestId, clientRequestId: typeof sent === 'string' ? sent : requestId };
}

export function sendAnswer(
  { stats }: GraphContext,
  reply: FastifyReply,
  { status, headers, body, raw, isCut }: GraphAnswer,
  ids: RequestIds,
): FastifyReply {
  stats.countStatus(status);
  reply
    .code(status)
    .headers(commonHeaders(ids))
    .headers(headers ?? {});
  if (raw) return reply.header('content-type', raw.contentType).send(Buffer.from(raw.bytes));
  if (body === undefined) return reply.send();
  const json = JSON.stringify(body);
  return reply.header('content-type', JSON_TYPE).send(isCut ? json.slice(0, -json.length / 4) : json);
}

/** Answers with an error of Graph, or with what a fault makes of it. */
export function sendError(reply: FastifyReply, error: unknown, ids: RequestIds, context?: GraphContext): FastifyReply {
  if (error instanceof ConnectionReset) {
    reply.hijack();
    reply.raw.destroy();
    return reply;
  }
  if (error instanceof ForeignAnswer) return reply.code(error.status).headers(error.headers).send(FOREIGN_PAGE);
  reply.headers(commonHeaders(ids));
  if (error instanceof EmptyFailure) {
    context?.stats.countStatus(error.status);
    return reply.code(error.status).headers(error.headers).send();
  }
  const known = error instanceof GraphError ? error : fromFastify(error);
  context?.stats.countStatus(known.status);
  const body = errorBody(known, ids.requestId, ids.clientRequestId);
  return reply.code(known.status).headers(known.headers).header('content-type', JSON_TYPE).send(JSON.stringify(body));
}

function fromFastify(error: unknown): GraphError {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : 500;
  if (status === 413) return new GraphError(413, 'BadRequest', 'The maximum request length supported is 4MB.');
  if (typeof status === 'number' && status < 500) return badRequest(error instanceof Error ? error.message : '');
  throw error;
}

function commonHeaders({ requestId, clientRequestId }: RequestIds): Record<string, string> {
  const server = { DataCenter: 'Simulator', Slice: 'E', Ring: '1', ScaleUnit: '000', RoleInstance: 'SIM0000001' };
  return {
    'request-id': requestId,
    'client-request-id': clientRequestId,
    'x-ms-ags-diagnostic': JSON.stringify({ ServerInfo: server }),
    'odata-version': '4.0',
    'cache-control': 'private',
  };
}
