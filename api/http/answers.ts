import { z } from 'zod';
import { PROBLEM_MEDIA_TYPE } from './problem.ts';

/** A JSON answer, for the `response` of a route. */
export function answer<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** An HTML page, for the `response` of a route. */
export function page(description: string) {
  return { description, content: { 'text/html': { schema: z.string() } } };
}

/** Plain text, for the `response` of a route. */
export function plainText(description: string) {
  return { description, content: { 'text/plain': { schema: z.string() } } };
}

/** Bytes to be saved, in one of these types, for the `response` of a route. */
export function file(types: readonly string[], description: string) {
  const schema = z.unknown().meta({ type: 'string', format: 'binary' });
  return { description, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

/** A file that clients may ask for in part, and compare with their copy: the whole `response` of a route. */
export function fileAnswers(types: readonly string[], description: string) {
  return {
    200: file(types, description),
    206: file(types, 'The part that `Range` asks for.'),
    304: empty('It is what `If-None-Match` names.'),
    416: refusal('It has nothing at the place that `Range` asks for; `Content-Range` says how long it is.'),
  };
}

/** A refusal with a status of its own, for the `response` of a route; most are named by `config.problems`. */
function refusal(description: string) {
  return { description, content: { [PROBLEM_MEDIA_TYPE]: { schema: ProblemSchema } } };
}

/** An answer without a body. */
export function empty(description: string) {
  return z.undefined().describe(description);
}

/** The body of every refusal: RFC 9457. */
export const ProblemSchema = z
  .object({
    type: z.string().meta({ description: 'Kind of problem; stable.', examples: ['urn:mailroom:problem:in-use'] }),
    title: z.string().meta({ description: 'The kind in words; stable.', examples: ['Still in use'] }),
    status: z.int().meta({ examples: [409] }),
    detail: z.string().meta({
      description: 'What is the matter, and what to do next.',
      examples: ['The queue Billing is the default queue of support@contoso.example. Choose another one there first.'],
    }),
    instance: z.string().meta({
      description: 'Reference of this answer; the log has it, too.',
      examples: ['urn:uuid:0f6c8a52-3b7e-4f0d-9c11-5a2e8d1b7f43'],
    }),
    reason: z
      .string()
      .meta({ description: 'Why, as a name; stable. Finer than the kind.', examples: ['queue-in-use'] }),
    facts: z
      .record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]))
      .optional()
      .meta({ description: 'What `detail` names, for words of your own.' }),
    errors: z
      .array(
        z.object({
          path: z.string().meta({ description: 'JSON pointer into the body.', examples: ['/rules/0/queueId'] }),
          detail: z.string().meta({ description: 'What is wrong with it; continues the name of the field.' }),
          reason: z.string().meta({ description: 'The same as a name; stable.', examples: ['no-queue'] }),
          limit: z.number().optional().meta({ description: 'The limit that is not kept.' }),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });
