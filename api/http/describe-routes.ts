import type { FastifyInstance, RouteOptions } from 'fastify';
import { z } from 'zod';
import type { RouteAccess } from '../access/principal.ts';
import { ProblemSchema } from './answers.ts';
import { PROBLEM_MEDIA_TYPE } from './problem.ts';
import { type ProblemKind, problemKinds } from './problem-kinds.ts';

interface ResponseDescription {
  readonly description: string;
  readonly content: Record<string, { schema: z.ZodType }>;
}

/**
 * Completes the description of every route from its declarations: authentication, required permission, and every
 * refusal that it may answer. Call it before routes are registered.
 */
export function describeRoutes(app: FastifyInstance): RouteDescriptions {
  const optionalBodies = new Set<string>();
  app.addHook('onRoute', (route) => {
    const { schema, config, method } = route;
    // The HEAD route that Fastify adds has the schema of GET, which is described already.
    if (!schema || schema.hide || method === 'HEAD' || config?.permission === undefined) return;
    schema.security = config.permission === 'public' ? [] : [{ apiKey: [] }, { session: [] }];
    schema.description = [schema.description, permissionWords(config.permission)].filter(Boolean).join('\n\n');
    schema.operationId ??= operationId(route);
    const responses = (schema.response ?? {}) as Record<string, ResponseDescription>;
    for (const kind of [...problemsOf(route, config.permission), ...(config.problems ?? [])]) {
      // Headers that are too large never reach the page.
      const isPage = config.isPage && kind !== 'headers-too-large';
      addProblem(responses, kind, isPage ? 'text/html' : PROBLEM_MEDIA_TYPE);
    }
    schema.response = responses;
    const { body } = schema as { body?: z.ZodType };
    if (body?.safeParse(undefined).success) optionalBodies.add(schema.operationId);
  });
  return { optionalBodies };
}

/** Facts about the routes that their schemas do not contain. */
export interface RouteDescriptions {
  /** Operations with an optional body. */
  readonly optionalBodies: ReadonlySet<string>;
}

function permissionWords(permission: RouteAccess): string {
  if (permission === 'public') return '';
  if (permission === 'provisioning') return 'For the key of an identity provider.';
  return permission === 'signed-in' ? 'For everybody who is signed in.' : `Needs the permission \`${permission}\`.`;
}

function problemsOf({ schema, method }: RouteOptions, permission: RouteAccess): ProblemKind[] {
  const kinds: ProblemKind[] = ['too-many-requests', 'headers-too-large', 'unexpected', 'unavailable'];
  if (permission !== 'public') kinds.push('not-authenticated');
  if (permission !== 'public') kinds.push(method === 'GET' ? 'not-permitted' : 'cross-site');
  if (permission !== 'public' && permission !== 'signed-in' && method !== 'GET') kinds.push('not-permitted');
  // An unexpected body is parsed all the same.
  if (schema?.querystring || method !== 'GET') kinds.push('malformed-request');
  if (method !== 'GET') kinds.push('body-too-large', 'unsupported-media-type');
  if (schema?.body) kinds.push('unacceptable-values');
  return kinds;
}

/** One status may cover several kinds: the description lists them. Pages answer in HTML. */
function addProblem(
  responses: Record<string, ResponseDescription>,
  kind: ProblemKind,
  mediaType: typeof PROBLEM_MEDIA_TYPE | 'text/html',
): void {
  const { status, title } = problemKinds[kind];
  const line = `\`${kind}\`: ${title}.`;
  const before = responses[status];
  if (before?.description.includes(`\`${kind}\``)) return;
  responses[status] = {
    description: before ? `${before.description} ${line}` : line,
    content: { ...before?.content, [mediaType]: { schema: mediaType === 'text/html' ? z.string() : ProblemSchema } },
  };
}

/** `post-api-v1-queues-id-claim`: as stable and unique as the address. */
function operationId({ method, url }: RouteOptions): string {
  const words = url.split(/[^A-Za-z0-9]+/).filter(Boolean);
  return [String(method).toLowerCase(), ...words].join('-');
}
