import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.ts';
import type { Resource } from './resources.ts';

/** Refuses a change of a resource that is no longer as the client read it (RFC 7644, section 3.14). */
export function requireVersion({ headers }: FastifyRequest, { meta }: Resource): void {
  const asked = headers['if-match'];
  if (asked === undefined || isAmong(meta.version, asked)) return;
  throw new Problem('resource-changed', 'The resource was changed since it was read. Read it again.');
}

/** True when the client has this version already; the answer is then 304. */
export function isKnown({ headers }: FastifyRequest, reply: FastifyReply, { meta }: Resource): boolean {
  reply.header('etag', meta.version);
  const known = headers['if-none-match'];
  return known !== undefined && isAmong(meta.version, known);
}

/** Weak comparison: `W/` does not count. */
function isAmong(version: string, list: string): boolean {
  const plain = (tag: string) => tag.trim().replace(/^W\//, '');
  return list.split(',').some((tag) => tag.trim() === '*' || plain(tag) === plain(version));
}
