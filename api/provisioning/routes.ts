import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { listApiKeys } from '../../database/people/api-keys.ts';
import { findMissing } from '../../database/people/teams.ts';
import { listGroupViews, mapGroup } from '../../database/provisioning/groups.ts';
import { countProvided, findNewPeople, putNewPeople } from '../../database/provisioning/settings.ts';
import { principalOf } from '../access/access.ts';
import { makeApiKey } from '../api-keys/make-api-key.ts';
import { ApiKey, apiKeyAnswer, CreatedApiKey, NewApiKey } from '../api-keys/schemas.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { Stored } from '../http/stored.ts';
import { Id, IdParams, Time } from '../http/values.ts';
import { SCIM_PATH } from '../scim/error-body.ts';
import { noSuch } from '../teams/no-such.ts';

const tags = ['Users'];

const profiles = ['Agent', 'Supervisor'] as const;
const allQueues = z.boolean().meta({ description: 'False: they see the queues of their teams.' });

const NewPeople = z.object({ profile: Stored(profiles), allQueues }).meta({ id: 'NewPeopleOfProvider' });

const NewPeopleChange = z
  .strictObject({
    profile: z.enum(profiles).meta({ description: 'Administrators are made in Mailroom only.' }),
    allQueues,
  })
  .meta({ id: 'NewPeopleOfProviderChange', examples: [{ profile: 'Agent', allQueues: false }] });

const Group = z
  .object({
    id: Id,
    displayName: z.string(),
    teamId: Id.nullable().meta({ description: 'The team that the group fills. Null: the group is without effect.' }),
    people: z.int(),
  })
  .meta({ id: 'ProvisionedGroup' });

const Provisioning = z
  .object({
    address: z.string().meta({ description: 'What the identity provider is given as the address of SCIM.' }),
    people: z.int().meta({ description: 'How many users come from the provider.' }),
    inactive: z.int().meta({ description: 'How many of them it has deactivated.' }),
    lastRequestAt: Time.nullable().meta({ description: 'To five minutes.' }),
    newPeople: NewPeople,
    groups: z.array(Group),
    keys: z.array(ApiKey),
  })
  .meta({ id: 'Provisioning', description: 'How an identity provider brings users and takes them away, by SCIM 2.0.' });

const NewKey = z
  .strictObject({
    name: NewApiKey.shape.name,
    expiresAt: NewApiKey.shape.expiresAt,
    networks: NewApiKey.shape.networks,
  })
  .meta({ id: 'NewProvisioningKey', examples: [{ name: 'Entra', expiresAt: '2027-11-27T00:00:00Z' }] });

/** The administrators' side of SCIM: keys, groups, and what new people get. */
export function provisioningRoutes({ db, config }: ApiDependencies): FastifyPluginAsyncZod {
  async function read() {
    const [counts, newPeople, groups, allKeys] = await Promise.all([
      countProvided(db),
      findNewPeople(db),
      listGroupViews(db),
      listApiKeys(db),
    ]);
    const keys = allKeys.filter(({ purpose }) => purpose === 'provisioning').map(apiKeyAnswer);
    const used = keys.flatMap(({ lastUsedAt }) => (lastUsedAt ? [lastUsedAt] : []));
    const lastRequestAt = used.sort((one, other) => other.getTime() - one.getTime())[0] ?? null;
    const address = `${config.api.publicUrl}${SCIM_PATH}`;
    return { address, ...counts, lastRequestAt, newPeople, groups: [...groups], keys };
  }

  return async (app) => {
    app.get(
      '/api/v1/provisioning',
      {
        config: { permission: 'users.read' },
        schema: {
          tags,
          summary: 'How users come from an identity provider',
          response: { 200: answer(Provisioning, 'The address for the provider, its keys, and what came by them.') },
        },
      },
      read,
    );

    app.put(
      '/api/v1/provisioning',
      {
        config: { permission: 'users.change' },
        schema: {
          tags,
          summary: 'Change what new people from the identity provider get',
          description: 'Those who are there already keep what they have.',
          body: NewPeopleChange,
          response: { 200: answer(Provisioning, 'As it is now.') },
        },
      },
      async (request) => {
        await putNewPeople(db, request.body);
        return await read();
      },
    );

    app.post(
      '/api/v1/provisioning/keys',
      {
        config: { permission: 'users.change', problems: ['conflict'] },
        schema: {
          tags,
          summary: 'Make a key for an identity provider',
          description:
            'For SCIM at `/scim/v2`, and for nothing else. By a person who is signed in. It is listed and revoked with the ' +
            'other API keys.',
          body: NewKey,
          response: { 201: answer(CreatedApiKey, 'The key. It is shown this once.') },
        },
      },
      async (request, reply) => {
        const { name, expiresAt, networks } = request.body;
        // Without permissions: a process of an earlier release, which knows no such keys, gives it nothing.
        const terms = { purpose: 'provisioning', profile: 'Agent', limits: { permissions: [], networks } } as const;
        const made = await makeApiKey(db, principalOf(request), { name, expiresAt, ...terms });
        reply.code(201);
        return made;
      },
    );

    app.put(
      '/api/v1/provisioning/groups/:id',
      {
        config: { permission: 'users.change', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Say which team a group of the identity provider fills',
          description: 'Its people are put into the team, and leave it when they leave the group.',
          params: IdParams,
          body: z
            .strictObject({ teamId: Id.nullable().meta({ description: 'Null: no team.' }) })
            .meta({ id: 'TeamOfGroup', examples: [{ teamId: null }] }),
          response: { 200: answer(Provisioning, 'As it is now.') },
        },
      },
      async (request) => {
        const { teamId } = request.body;
        if (teamId && (await findMissing(db, 'teams', [teamId])).length > 0) throw noSuch('teams', '/teamId');
        const { id } = request.params;
        if ((await mapGroup(db, principalOf(request).actor, { id, teamId })) === 'not-found') {
          throw new Problem('no-such-group', 'There is no such group. Take the id from GET /api/v1/provisioning.');
        }
        return await read();
      },
    );
  };
}
