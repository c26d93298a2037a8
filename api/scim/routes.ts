import type { FastifyPluginAsync } from 'fastify';
import type { ApiDependencies } from '../dependencies.ts';
import { acceptAsJson } from '../http/json-bodies.ts';
import { Problem } from '../http/problem.ts';
import { providerConfig, resourceTypes, schemas } from './discovery.ts';
import { SCIM_MEDIA_TYPE, SCIM_PATH } from './error-body.ts';
import { addGroupRoutes } from './group-routes.ts';
import { listResponse } from './resources.ts';
import { addUserRoutes } from './user-routes.ts';

const config = { permission: 'provisioning' } as const;
const schema = { hide: true };

/**
 * SCIM 2.0 (RFC 7643, 7644): an identity provider brings people and groups, and takes leavers away (decision 69). Not in
 * the OpenAPI document: SCIM describes itself, in a form that identity providers read.
 */
export function scimRoutes(dependencies: ApiDependencies): FastifyPluginAsync {
  const { publicUrl } = dependencies.config.api;
  const notThere = () => {
    throw new Problem('no-such-resource', 'There is nothing with this id. Look for it in the list.');
  };

  return async (app) => {
    acceptAsJson(app, SCIM_MEDIA_TYPE);
    app.addHook('onSend', async (_request, reply, payload) => {
      if (payload !== undefined && payload !== null && payload !== '') reply.type(`${SCIM_MEDIA_TYPE}; charset=utf-8`);
      return payload;
    });

    app.get(`${SCIM_PATH}/ServiceProviderConfig`, { config, schema }, async () => providerConfig(publicUrl));
    for (const [name, list] of [
      ['ResourceTypes', resourceTypes(publicUrl)],
      ['Schemas', schemas(publicUrl)],
    ] as const) {
      app.get(`${SCIM_PATH}/${name}`, { config, schema }, async () => listResponse(list, list.length, 1));
      app.get<{ Params: { id: string } }>(
        `${SCIM_PATH}/${name}/:id`,
        { config, schema },
        async ({ params }) => list.find(({ id }) => id.toLowerCase() === params.id.toLowerCase()) ?? notThere(),
      );
    }
    addUserRoutes(app, dependencies);
    addGroupRoutes(app, dependencies);
  };
}
