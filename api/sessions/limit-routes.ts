import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { findSessionLimits, saveSessionLimits } from '../../database/people/session-limits.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { SessionLimits, SessionLimitsChange } from './schemas.ts';

const tags = ['Sessions'];

/** How long sessions last. */
export function sessionLimitRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/v1/session-limits',
      {
        config: { permission: 'users.read' },
        schema: {
          tags,
          summary: 'Read how long sessions last',
          response: { 200: answer(SessionLimits, 'The limits.') },
        },
      },
      async () => await findSessionLimits(db),
    );

    app.put(
      '/api/v1/session-limits',
      {
        config: { permission: 'users.change', problems: ['other-version'] },
        schema: {
          tags,
          summary: 'Save how long sessions last',
          description: 'Shorter limits end sessions at once, yours included. Longer ones count from the next sign-in.',
          body: SessionLimitsChange,
          response: { 200: answer(SessionLimits, 'The limits as they are now.') },
        },
      },
      async (request) => {
        if ((await saveSessionLimits(db, principalOf(request).actor, request.body)) === 'other-version') {
          throw new Problem(
            'session-limits-changed',
            'Other limits were saved since you read them. Read them again first.',
          );
        }
        return await findSessionLimits(db);
      },
    );
  };
}
