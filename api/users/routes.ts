import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findMissing } from '../../database/people/teams.ts';
import { addUser, changeUser, findUser, listUsers, removeUser, type UserOutcome } from '../../database/people/users.ts';
import type { RefusedByHand } from '../../database/provisioning/by-hand.ts';
import { isLimited } from '../../domain/reach.ts';
import { permissionsOf } from '../../domain/security-profile.ts';
import { principalOf } from '../access/access.ts';
import { may } from '../access/principal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, empty } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { IdParams } from '../http/values.ts';
import { noSuch } from '../teams/no-such.ts';
import { refuseLastAdministrator } from './last-administrator.ts';
import { Me, NewUser, User, UserChange } from './schemas.ts';

const tags = ['Users'];

/** Users of Mailroom and their profiles. */
export function userRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  async function getUser(id: string) {
    const user = await findUser(db, id);
    if (!user) throw noSuchUser();
    return user;
  }

  async function refuseUnknownTeams(ids: readonly string[] = []): Promise<void> {
    if ((await findMissing(db, 'teams', ids)).length > 0) throw noSuch('teams', '/teamIds');
  }

  return async (app) => {
    app.get(
      '/api/v1/me',
      {
        config: { permission: 'signed-in' },
        schema: {
          tags: ['Signing in'],
          summary: 'Who you are, and what you may do',
          response: { 200: answer(Me, 'The user or API key of this request.') },
        },
      },
      async (request) => {
        const principal = principalOf(request);
        const { kind, id, name, displayName, profile } = principal;
        return {
          kind,
          id,
          name,
          displayName,
          profile,
          permissions: [...permissionsOf(profile).filter((each) => may(principal, each))],
          allQueues: !isLimited(principal.reach),
        };
      },
    );

    app.get(
      '/api/v1/users',
      {
        config: { permission: 'users.read' },
        schema: {
          tags,
          summary: 'List users',
          response: { 200: answer(z.object({ users: z.array(User) }), 'All users by e-mail address.') },
        },
      },
      async () => ({ users: [...(await listUsers(db))] }),
    );

    app.post(
      '/api/v1/users',
      {
        config: { permission: 'users.change', problems: ['conflict'] },
        schema: {
          tags,
          summary: 'Add a user',
          description:
            'The person signs in by single sign-on with this e-mail address. The first sign-in binds the user to that ' +
            'identity of the provider; from then on only this identity comes in.',
          body: NewUser,
          response: { 201: answer(User, 'The new user.') },
        },
      },
      async (request, reply) => {
        await refuseUnknownTeams(request.body.teamIds);
        const id = await addUser(db, principalOf(request).actor, request.body);
        reply.code(201).header('location', `/api/v1/users/${id}`);
        return await getUser(id);
      },
    );

    app.get(
      '/api/v1/users/:id',
      {
        config: { permission: 'users.read', problems: ['not-found'] },
        schema: { tags, summary: 'Read a user', params: IdParams, response: { 200: answer(User, 'The user.') } },
      },
      async (request) => await getUser(request.params.id),
    );

    app.patch(
      '/api/v1/users/:id',
      {
        config: { permission: 'users.change', problems: ['not-found', 'conflict', 'last-administrator'] },
        schema: {
          tags,
          summary: 'Change a user',
          description:
            'Disabling a user ends all sessions at once. Another e-mail address means another person: the binding to ' +
            'the identity of the provider is forgotten.',
          params: IdParams,
          body: UserChange,
          response: { 200: answer(User, 'The user as it is now.') },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { actor, id: own } = principalOf(request);
        const { allQueues, readsMail, teamIds } = request.body;
        if (id === own && [allQueues, readsMail, teamIds].some((change) => change !== undefined)) {
          throw new Problem('own-sight', 'You cannot change what you see yourself. Ask another administrator.');
        }
        await refuseUnknownTeams(teamIds);
        refuse(await changeUser(db, actor, id, request.body));
        return await getUser(id);
      },
    );

    app.delete(
      '/api/v1/users/:id',
      {
        config: { permission: 'users.change', problems: ['not-found', 'conflict', 'last-administrator'] },
        schema: {
          tags,
          summary: 'Remove a user',
          description: 'Sessions end at once. Users cannot remove themselves.',
          params: IdParams,
          response: { 204: empty('The user is removed.') },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const { actor, ...self } = principalOf(request);
        if (self.id === id) {
          throw new Problem('own-user', 'You cannot remove yourself. Ask another administrator.');
        }
        refuse(await removeUser(db, actor, id));
        return await reply.code(204).send();
      },
    );
  };
}

function noSuchUser(): Problem {
  return new Problem('no-such-user', 'There is no such user. Take the id from GET /api/v1/users.');
}

const byHand = {
  'from-provider': [
    'user-from-provider',
    'The e-mail address and the name of this user come from the identity provider. Change them there.',
  ],
  'inactive-at-provider': [
    'user-inactive-at-provider',
    'The identity provider has deactivated this user. Activate the person there.',
  ],
  'kept-at-provider': [
    'user-kept-at-provider',
    'The identity provider would add this user again. Take the person out of the application there, or disable the user here.',
  ],
} as const satisfies Record<RefusedByHand, readonly [reason: string, detail: string]>;

function refuse(outcome: UserOutcome): void {
  if (outcome === 'not-found') throw noSuchUser();
  if (outcome === 'last-administrator' || outcome === 'last-signed-in-administrator') {
    throw refuseLastAdministrator(outcome);
  }
  if (outcome !== 'done') {
    const [reason, detail] = byHand[outcome];
    throw new Problem(reason, detail);
  }
}
