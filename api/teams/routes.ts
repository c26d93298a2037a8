import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  addTeam,
  changeTeam,
  findMissing,
  findTeam,
  listTeams,
  removeTeam,
  type TeamView,
} from '../../database/people/teams.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, empty } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { Id, IdParams, Line, Time } from '../http/values.ts';
import { noSuch } from './no-such.ts';

const tags = ['Users'];

const Team = z
  .object({
    id: Id,
    name: z.string(),
    people: z.array(z.object({ id: Id, email: z.string() })),
    queues: z.array(z.object({ id: Id, name: z.string() })),
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: 'Team', description: 'People, and the queues that they work.' });

const Name = Line(100).min(1);
const Members = {
  userIds: z.array(Id).max(2_000).meta({ description: 'All people of the team.' }),
  queueIds: z.array(Id).max(1_000).meta({ description: 'All queues of the team.' }),
};

const NewTeam = z
  .strictObject({ name: Name, userIds: Members.userIds.default([]), queueIds: Members.queueIds.default([]) })
  .meta({ id: 'NewTeam', examples: [{ name: 'Refunds' }] });
const TeamChange = z
  .strictObject({ name: Name.optional(), userIds: Members.userIds.optional(), queueIds: Members.queueIds.optional() })
  .meta({ id: 'TeamChange', examples: [{ name: 'Refunds and returns' }] });

/** Teams: whose people see which queues. */
export function teamRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  async function getTeam(id: string) {
    const team = await findTeam(db, id);
    if (!team) throw noSuchTeam();
    return teamAnswer(team);
  }

  async function refuseUnknown({ userIds = [], queueIds = [] }: z.output<typeof TeamChange>): Promise<void> {
    if ((await findMissing(db, 'users', userIds)).length > 0) throw noSuch('users', '/userIds');
    if ((await findMissing(db, 'queues', queueIds)).length > 0) throw noSuch('queues', '/queueIds');
  }

  return async (app) => {
    app.get(
      '/api/v1/teams',
      {
        config: { permission: 'users.read' },
        schema: {
          tags,
          summary: 'List teams',
          response: { 200: answer(z.object({ teams: z.array(Team) }), 'All teams by name.') },
        },
      },
      async () => ({ teams: (await listTeams(db)).map(teamAnswer) }),
    );

    app.post(
      '/api/v1/teams',
      {
        config: { permission: 'users.change', problems: ['conflict', 'unacceptable-values'] },
        schema: {
          tags,
          summary: 'Add a team',
          description:
            'A user with `allQueues: false` sees the queues of their teams: items, search, board and changes of others do ' +
            'not exist for them.',
          body: NewTeam,
          response: { 201: answer(Team, 'The new team.') },
        },
      },
      async (request, reply) => {
        await refuseUnknown(request.body);
        const id = await addTeam(db, principalOf(request).actor, request.body);
        reply.code(201).header('location', `/api/v1/teams/${id}`);
        return await getTeam(id);
      },
    );

    app.patch(
      '/api/v1/teams/:id',
      {
        config: { permission: 'users.change', problems: ['not-found', 'conflict', 'unacceptable-values'] },
        schema: {
          tags,
          summary: 'Change a team',
          description: 'Takes effect with the next request of its people, and at once in what they follow live.',
          params: IdParams,
          body: TeamChange,
          response: { 200: answer(Team, 'The team as it is now.') },
        },
      },
      async (request) => {
        const { id } = request.params;
        await refuseUnknown(request.body);
        if (!(await changeTeam(db, principalOf(request).actor, id, request.body))) throw noSuchTeam();
        return await getTeam(id);
      },
    );

    app.delete(
      '/api/v1/teams/:id',
      {
        config: { permission: 'users.change', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Remove a team',
          description: 'Its people no longer see its queues, unless another of their teams has them.',
          params: IdParams,
          response: { 204: empty('The team is removed.') },
        },
      },
      async (request, reply) => {
        if (!(await removeTeam(db, principalOf(request).actor, request.params.id))) throw noSuchTeam();
        return await reply.code(204).send();
      },
    );
  };
}

function teamAnswer({ people, queues, ...team }: TeamView): z.output<typeof Team> {
  return { ...team, people: [...people], queues: [...queues] };
}

function noSuchTeam(): Problem {
  return new Problem('no-such-team', 'There is no such team. Take the id from GET /api/v1/teams.');
}
