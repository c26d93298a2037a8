import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GraphAnswer, GraphContext } from '../graph-context.ts';
import { GraphError } from '../graph-error.ts';
import { idsOf, sendAnswer, sendError } from '../send-answer.ts';
import { strikeAfter, strikeBefore } from '../strike-before.ts';
import { answerUpload, findUpload } from './answer-upload.ts';
import { UPLOAD_PATH } from './upload-url.ts';

/** More than any limit of a range, so that a larger one gets Outlook's answer. */
const LARGEST_BODY_BYTES = 64 * 1024 * 1024;

/** Adds the URLs of upload sessions to a server. They take no token but the one that they contain. */
export function registerUploads(app: FastifyInstance, context: GraphContext, scheme: 'http' | 'https'): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LARGEST_BODY_BYTES }, (_, body, done) =>
    done(null, body),
  );
  app.all(`${UPLOAD_PATH}/*`, async (request, reply) => {
    const ids = idsOf(request);
    try {
      return sendAnswer(context, reply, await answer(context, request, `${scheme}://${request.host}`), ids);
    } catch (error) {
      return sendError(reply, error, ids, context);
    }
  });
}

async function answer(context: GraphContext, request: FastifyRequest, origin: string): Promise<GraphAnswer> {
  const endpoint = `${request.method} ${UPLOAD_PATH}/AttachmentSessions/{id}`;
  context.stats.countRequest(endpoint);
  // Outlook takes no token of Graph (learn.microsoft.com/graph/outlook-large-attachments).
  if (request.headers.authorization !== undefined) {
    throw new GraphError(
      401,
      'InvalidAuthenticationToken',
      'The audience claim value is invalid for current resource.',
    );
  }
  const { authtoken } = request.query as Record<string, unknown>;
  const upload = findUpload(context, String(authtoken ?? ''));
  const place = { endpoint, mailbox: upload.mailbox.address };
  await strikeBefore(context.faults, place, origin);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const answered = answerUpload(context, upload, {
    method: request.method,
    contentRange: request.headers['content-range'],
    body,
    origin,
  });
  await strikeAfter(context.faults, request.method, place);
  return answered;
}
