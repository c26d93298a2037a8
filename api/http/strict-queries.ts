import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Problem } from './problem.ts';
import { type ValueProblem, valueProblem } from './value-problem.ts';

/**
 * Refuses query parameters that a route of the API does not have, as it refuses unknown fields of a body: a filter that
 * is ignored would return everything. Refuses values that no parameter takes, too. Call it before routes are described.
 */
export function refuseStrangeQueries(app: FastifyInstance): void {
  app.addHook('onRoute', ({ url, schema }) => {
    if (url.startsWith('/api/v1/') && schema && !schema.hide) schema.querystring ??= z.strictObject({});
  });

  app.addHook('preValidation', async ({ routeOptions: { url = '', config }, query }) => {
    // Pages say in their own words what is wrong with an address that others made.
    if (!url.startsWith('/api/v1/') || config.isPage) return;
    const errors = Object.entries(query as object).flatMap(problemOf);
    if (errors.length === 0) return;
    const words = errors.map(({ path, detail }) => `${path} ${detail}`).join(', ');
    throw new Problem('request-malformed', `The query has to be corrected: ${words}.`, { errors });
  });
}

function problemOf([name, value]: [string, unknown]): ValueProblem[] {
  // The schema would only say that a list is no text.
  if (Array.isArray(value)) return [valueProblem(`/${name}`, 'given-twice')];
  // PostgreSQL refuses it in the middle of an export, when its answer has begun.
  return String(value).includes('\0') ? [valueProblem(`/${name}`, 'control-characters')] : [];
}
