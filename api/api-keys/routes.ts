import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findApiKeyView, listApiKeys, revokeApiKey } from '../../database/people/api-keys.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, empty } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { IdParams } from '../http/values.ts';
import { makeApiKey } from './make-api-key.ts';
import { ApiKey, apiKeyAnswer, CreatedApiKey, NewApiKey } from './schemas.ts';

const tags = ['API keys'];

/** Keys of programs: made, listed and revoked by people. */
export function apiKeyRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/v1/api-keys',
      {
        config: { permission: 'users.read' },
        schema: {
          tags,
          summary: 'List API keys',
          response: { 200: answer(z.object({ keys: z.array(ApiKey) }), 'All keys by name, revoked ones included.') },
        },
      },
      async () => ({ keys: (await listApiKeys(db)).map(apiKeyAnswer) }),
    );

    app.post(
      '/api/v1/api-keys',
      {
        config: { permission: 'users.change', problems: ['conflict'] },
        schema: {
          tags,
          summary: 'Make an API key',
          description:
            'By a person who is signed in: a key makes no others, which would outlive its own end. Its name is not used ' +
            'again, so that histories refer to one key. A key that is limited to queues or accounts gets only the routes ' +
            'of their items.',
          body: NewApiKey,
          response: { 201: answer(CreatedApiKey, 'The key. It is shown this once.') },
        },
      },
      async (request, reply) => {
        const { name, profile, expiresAt, ...limits } = request.body;
        const made = await makeApiKey(db, principalOf(request), { name, profile, expiresAt, limits });
        reply.code(201);
        return made;
      },
    );

    app.delete(
      '/api/v1/api-keys/:id',
      {
        config: { permission: 'users.change', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Revoke an API key',
          description: 'From the next request on. It stays in the list. To revoke it again changes nothing.',
          params: IdParams,
          response: { 204: empty('The key is revoked.') },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        if (!(await revokeApiKey(db, principalOf(request).actor, { id })) && !(await findApiKeyView(db, id))) {
          throw new Problem('no-such-key', 'There is no such API key. Take the id from GET /api/v1/api-keys.');
        }
        return await reply.code(204).send();
      },
    );
  };
}
