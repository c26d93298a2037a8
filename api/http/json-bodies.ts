import type { FastifyInstance } from 'fastify';
import { findRefusedKey } from './json-keys.ts';
import { Problem } from './problem.ts';

/** Far more than the largest routing of 200 rules needs; larger bodies are cut off while they arrive. */
export const MAX_BODY_BYTES = 1_048_576;
/** Length of a name quoted in a refusal. */
const QUOTED_AT_MOST = 100;

/**
 * Accepts only JSON; refuses objects with a duplicate key or one that reaches prototypes. An empty body of type JSON
 * counts as no body: many clients always send the type.
 */
export function acceptOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  acceptAsJson(app, 'application/json');
}

/** Takes a media type as JSON, under the same rules. */
export function acceptAsJson(app: FastifyInstance, mediaType: string): void {
  app.addContentTypeParser(mediaType, { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : parseJson(body as string));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

function parseJson(text: string): unknown {
  const value = parse(text);
  const refused = findRefusedKey(text);
  if (!refused) return value;
  const name = refused.key.slice(0, QUOTED_AT_MOST);
  throw refused.because === 'twice'
    ? new Problem('json-key-twice', `The body has the property "${name}" twice in one object. Send it once.`, {
        facts: { name },
      })
    : new Problem('json-key-reserved', `The body has a property named "${name}". Leave it out.`, { facts: { name } });
}

function parse(text: string): unknown {
  try {
    // RFC 8259, section 8.1: a byte order mark may be ignored.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new Problem('json-malformed', 'The body is not valid JSON. Check quotes, commas and brackets.', { cause });
  }
}
