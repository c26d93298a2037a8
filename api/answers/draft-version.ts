import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Problem } from '../http/problem.ts';

/** For the schema of a route: its other headers stay. */
export const IfMatch = z.looseObject({
  'if-match': z
    .string()
    .optional()
    .meta({ description: 'The ETag that was read.', examples: ['"3"'] }),
});

export function sendVersion(reply: FastifyReply, { version }: { readonly version: number }): void {
  reply.header('etag', `"${version}"`);
}

/** The version in If-Match. Throws `draft-version-missing` without one: a change must not overwrite an unseen one. */
export function requiredVersion(header: string | undefined): number {
  const [, version] = /^\s*(?:W\/)?"(\d{1,15})"\s*$/.exec(header ?? '') ?? [];
  if (version !== undefined) return Number(version);
  throw new Problem(
    'draft-version-missing',
    'Send the ETag of the draft that you read in the header If-Match, so that no newer text is overwritten.',
  );
}
