import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerBatch } from './answer-batch.ts';
import { answerCall } from './answer-call.ts';
import { checkToken } from './check-token.ts';
import { encodeContent } from './content-encoding.ts';
import type { GraphAnswer, GraphContext } from './graph-context.ts';
import { badRequest } from './graph-error.ts';
import { parsePath } from './parse-path.ts';
import { parsePrefer } from './parse-prefer.ts';
import { parseQuery } from './parse-query.ts';
import { idsOf, sendAnswer, sendError } from './send-answer.ts';
import { registerUploads } from './uploads/register-uploads.ts';

/** Both versions answer alike: the beta's additional features are not simulated. */
const PREFIXES = ['/v1.0', '/beta'] as const;

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
  await app.register(async (uploads) => registerUploads(uploads, context, scheme));
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
