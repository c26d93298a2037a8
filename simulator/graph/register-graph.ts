import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerBatch } from './answer-batch.ts';
import { answerCall } from './answer-call.ts';
import { checkToken } from './check-token.ts';
import { encodeContent } from './content-encoding.ts';
import type { GraphAnswer, GraphContext } from './graph-context.ts';
import { badRequest, errorBody, GraphError } from './graph-error.ts';
import { parsePath } from './parse-path.ts';
import { parsePrefer } from './parse-prefer.ts';
import { parseQuery } from './parse-query.ts';
import { ConnectionReset, EmptyFailure, FOREIGN_PAGE, ForeignAnswer } from './strike-before.ts';

/** Both versions answer alike: the beta's additional features are not simulated. */
const PREFIXES = ['/v1.0', '/beta'] as const;
const JSON_TYPE = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

/** The limit of request bodies in Graph (learn.microsoft.com/graph/api/attachment-get). */
const LARGEST_BODY_BYTES = 4 * 1024 * 1024;

/** Adds the simulated Graph to a server, below `/v1.0` and `/beta`. `scheme` is how clients reach the server. */
export async function registerGraph(
  app: FastifyInstance,
  context: GraphContext,
  scheme: 'http' | 'https',
): Promise<void> {
  await app.register(async (graph) => {
    graph.removeAllContentTypeParsers();
    graph.addContentTypeParser('*', { parseAs: 'string', bodyLimit: LARGEST_BODY_BYTES }, (_, body, done) =>
      done(null, body),
    );
    encodeContent(graph);
    graph.setErrorHandler((error, request, reply) => sendError(reply, error, idsOf(request)));
    const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const ids = idsOf(request);
      try {
        const answered = await answerRequest(app, context, request, `${scheme}://${request.host}`);
        return sendAnswer(context, reply, answered, ids);
      } catch (error) {
        return sendError(reply, error, ids, context);
      }
    };
    for (const prefix of PREFIXES) {
      graph.all(prefix, answer);
      graph.all(`${prefix}/*`, answer);
    }
  });
}

interface RequestIds {
  readonly requestId: string;
  readonly clientRequestId: string;
}

async function answerRequest(
  app: FastifyInstance,
  context: GraphContext,
  request: FastifyRequest,
  origin: string,
): Promise<GraphAnswer> {
  const url = request.raw.url ?? '/';
  const prefix = PREFIXES.find((known) => url.startsWith(known)) ?? PREFIXES[0];
  const question = url.indexOf('?');
  const path = parsePath(url.slice(prefix.length, question < 0 ? undefined : question));
  const endpoint = `${request.method} ${prefix}/${path.pattern}`;
  context.stats.countRequest(endpoint);
  const claims = await checkToken(context.accessTokens, request.headers.authorization, origin);
  const body = parseBody(request);
  if (path.pattern === '$batch') return answerBatch(app, request, prefix, body);
  const prefer = parsePrefer(request.headers.prefer);
  const answer = await answerCall(context, {
    method: request.method,
    path,
    endpoint,
    query: parseQuery(question < 0 ? '' : url.slice(question + 1)),
    prefer,
    ifMatch: request.headers['if-match'],
    body,
    base: `${origin}${prefix}`,
    claims,
  });
  if (prefer.applied === null) return answer;
  return { ...answer, headers: { ...answer.headers, 'preference-applied': prefer.applied } };
}

function parseBody({ body, headers }: FastifyRequest): unknown {
  if (typeof body !== 'string' || body === '') return undefined;
  if (/^text\/plain\b/i.test(headers['content-type'] ?? '')) return body;
  try {
    return JSON.parse(body);
  } catch {
    throw badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
}

function idsOf(request: FastifyRequest): RequestIds {
  const requestId = randomUUID();
  const sent = request.headers['client-request-id'];
  return { requestId, clientRequestId: typeof sent === 'string' ? sent : requestId };
}

function sendAnswer(
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

function sendError(reply: FastifyReply, error: unknown, ids: RequestIds, context?: GraphContext): FastifyReply {
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
