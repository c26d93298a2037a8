import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { addApiKey, findApiKeyView, listApiKeys, revokeApiKey } from '../../database/people/api-keys.ts';
import { principalOf } from '../access/access.ts';
import { createApiKey } from '../access/api-key-format.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, empty } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { tokenHash } from '../http/random-token.ts';
import { valueProblem } from '../http/value-problem.ts';
import { IdParams } from '../http/values.ts';
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
        const { actor, kind } = principalOf(request);
        if (kind !== 'user') throw new Problem('key-makes-no-key', 'Only people who are signed in make API keys.');
        const { name, profile, expiresAt: end, ...limits } = request.body;
        const expiresAt = end === undefined ? undefined : new Date(end);
        if (expiresAt && expiresAt.getTime() <= Date.now()) {
          throw new Problem('values-refused', 'The key would have expired already.', {
            errors: [valueProblem('/expiresAt', 'not-acceptable')],
          });
        }
        const key = createApiKey();
        const added = { name, profile, keyHash: tokenHash(key), hint: key.slice(-4), limits, expiresAt };
        const id = await addApiKey(db, actor, added);
        const view = id === undefined ? undefined : await findApiKeyView(db, id);
        if (!view) {
          throw new Problem('key-name-taken', 'A key of this name exists, or did. Choose another name.', {
            errors: [valueProblem('/name', 'taken')],
          });
        }
        reply.code(201);
        return { ...apiKeyAnswer(view), key };
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
