import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { findRetention, saveRetention } from '../../database/retention/periods.ts';
import { countDue } from '../../database/retention/sweep.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { Counts, Periods, Retention, RetentionChange } from './schemas.ts';

const tags = ['Retention'];

/** How long things are kept. */
export function retentionRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/v1/retention',
      {
        config: { permission: 'retention.change' },
        schema: {
          tags,
          summary: 'Read how long things are kept',
          response: { 200: answer(Retention, 'The periods, and what was deleted last.') },
        },
      },
      async () => await findRetention(db),
    );

    app.put(
      '/api/v1/retention',
      {
        config: { permission: 'retention.change', problems: ['other-version'] },
        schema: {
          tags,
          summary: 'Save how long things are kept',
          description:
            'What is due is deleted each night, beginning with the next. Ask for the counts before: they say how much that ' +
            'is. Open items are never due, and holds win.',
          body: RetentionChange,
          response: { 200: answer(Retention, 'The periods as they are now.') },
        },
      },
      async (request) => {
        if ((await saveRetention(db, principalOf(request).actor, request.body)) === 'other-version') {
          throw new Problem(
            'retention-changed',
            'Other periods were saved since you read them. Read them again first.',
          );
        }
        return await findRetention(db);
      },
    );

    app.post(
      '/api/v1/retention/counts',
      {
        config: { permission: 'retention.change' },
        schema: {
          tags,
          summary: 'Count what would be deleted',
          description: 'With these periods, tonight. Nothing is deleted or saved.',
          body: Periods,
          response: { 200: answer(Counts, 'How much would be deleted.') },
        },
      },
      async (request) => await countDue(db, request.body),
    );
  };
}
