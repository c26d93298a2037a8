import type { FastifyInstance } from 'fastify';

/** Far more than the largest routing of 200 rules needs; larger bodies are cut off while they come in. */
export const MAX_BODY_BYTES = 1_048_576;

/**
 * Accepts JSON and nothing else; objects with `__proto__` or `constructor` keys are refused. A body that is empty
 * although its type is JSON counts as none: many clients name the type whatever they send.
 */
export function acceptOnlyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, body as string, done);
  });
}
