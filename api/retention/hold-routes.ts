import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findHold, liftHold, listHolds, placeHold } from '../../database/retention/holds.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { IdParams } from '../http/values.ts';
import { noSuchTarget } from './no-such-target.ts';
import { Hold, NewHold } from './schemas.ts';

const tags = ['Retention'];

/** What is not deleted, whatever the periods say. */
export function holdRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/v1/holds',
      {
        config: { permission: 'retention.change' },
        schema: {
          tags,
          summary: 'List holds',
          response: { 200: answer(z.object({ holds: z.array(Hold) }), 'Those that stand first; the newest first.') },
        },
      },
      async () => ({ holds: [...(await listHolds(db))] }),
    );

    app.post(
      '/api/v1/holds',
      {
        config: { permission: 'retention.change' },
        schema: {
          tags,
          summary: 'Place a hold',
          description: 'Once it is answered, nothing that it names is deleted by a period or an erasure.',
          body: NewHold,
          response: { 201: answer(Hold, 'The hold.') },
        },
      },
      async (request, reply) => {
        const id = await placeHold(db, principalOf(request).actor, request.body);
        const hold = id === undefined ? undefined : await findHold(db, id);
        if (!hold) throw noSuchTarget(request.body.scope);
        reply.code(201);
        return hold;
      },
    );

    app.post(
      '/api/v1/holds/:id/lift',
      {
        config: { permission: 'retention.change', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Lift a hold',
          description: 'It stays in the list. To lift it again changes nothing.',
          params: IdParams,
          response: { 200: answer(Hold, 'The hold as it is now.') },
        },
      },
      async (request) => {
        const { id } = request.params;
        await liftHold(db, principalOf(request).actor, id);
        const hold = await findHold(db, id);
        if (!hold) throw new Problem('no-such-hold', 'There is no such hold. Take the id from GET /api/v1/holds.');
        return hold;
      },
    );
  };
}
