import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { listUnqueued, routeUnqueued } from '../../database/queues/unqueued.ts';
import { principalOf } from '../access/access.ts';
import { getAccountRef } from '../accounts/account-commands.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Count, IdParams } from '../http/values.ts';
import { Item, itemAnswer } from './schemas.ts';

const tags = ['Routing'];

/** Mail in no queue, and how to route it. */
export function unqueuedRoutes(dependencies: ApiDependencies): FastifyPluginAsyncZod {
  const { db } = dependencies;
  return async (app) => {
    app.get(
      '/api/v1/email/accounts/:id/unqueued',
      {
        config: { permission: 'accounts.read', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Mail of an account that is in no queue',
          description:
            'No rule matched it and the account has no default queue, or its queue was removed; `why` says which. It is ' +
            'captured, and waits here until it is routed again.',
          params: IdParams,
          querystring: z.strictObject({ limit: Count(1, 500, 100) }),
          response: { 200: answer(z.object({ items: z.array(Item) }), 'Newest first.') },
        },
      },
      async (request) => {
        const { id } = await getAccountRef(dependencies, request.params.id);
        return { items: (await listUnqueued(db, id, request.query.limit)).map(itemAnswer) };
      },
    );

    app.post(
      '/api/v1/email/accounts/:id/unqueued/route',
      {
        config: { permission: 'routing.change', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Route mail again that is in no queue',
          description:
            'By the routing as it is saved now. What still goes into no queue stays listed, with its reason.',
          params: IdParams,
          body: z.strictObject({}).nullish(),
          response: {
            200: answer(
              z.object({
                routed: z.int().meta({ description: 'How many are in a queue now.' }),
                left: z.int().meta({ description: 'How many still are in none.' }),
              }),
              'What became of them.',
            ),
          },
        },
      },
      async (request) => {
        const { id } = await getAccountRef(dependencies, request.params.id);
        return await routeUnqueued(db, principalOf(request).actor, id);
      },
    );
  };
}
