import type { FastifyReply } from 'fastify';
import { shownText } from '../../domain/words/shown-text.ts';
import type { Problem } from '../http/problem.ts';
import { ScimRefusal } from './refusal.ts';

export const SCIM_PATH = '/scim/v2';
export const SCIM_MEDIA_TYPE = 'application/scim+json';

export function isScimAddress(url: string): boolean {
  return url === SCIM_PATH || url.startsWith(`${SCIM_PATH}/`) || url.startsWith(`${SCIM_PATH}?`);
}

/** Answers with the error of RFC 7644, section 3.12: identity providers show its `detail` in their logs. */
export function sendScimError(reply: FastifyReply, problem: Problem): FastifyReply {
  const scimType = scimTypeOf(problem);
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type(SCIM_MEDIA_TYPE)
    .send(
      JSON.stringify({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: String(problem.status),
        ...(scimType && { scimType }),
        detail: shownText(problem.message),
      }),
    );
}

function scimTypeOf(problem: Problem): string | undefined {
  if (problem instanceof ScimRefusal) return problem.scimType;
  if (problem.kind === 'conflict') return 'uniqueness';
  return problem.status === 400 ? 'invalidSyntax' : undefined;
}
