import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { findQueueNames, type RoutingOutcome, saveRouting } from '../../database/queues/routing-rules.ts';
import type { Routing as DomainRouting } from '../../domain/routing.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { IdParams } from '../http/values.ts';
import { getAccountRouting, queueIdsOf } from './account-routing.ts';
import { missingQueues, queueProblems } from './missing-queues.ts';
import { routingWarnings } from './routing-warnings.ts';
import { Routing, RoutingInput } from './schemas.ts';

const tags = ['Routing'];

/** An account's routing: which queue its mail goes to. */
export function routingRoutes(dependencies: ApiDependencies): FastifyPluginAsyncZod {
  const { db } = dependencies;

  const getRouting = (accountId: string) => getAccountRouting(dependencies, accountId);

  async function routingAnswer({ version, defaultQueueId, rules }: DomainRouting): Promise<z.output<typeof Routing>> {
    const names = await findQueueNames(db, queueIdsOf({ defaultQueueId, rules }));
    const ref = (id: string) => ({ id, name: names.get(id) ?? '' });
    return {
      version,
      defaultQueueId: defaultQueueId ?? null,
      defaultQueue: defaultQueueId === undefined ? null : ref(defaultQueueId),
      rules: rules.map(({ id, queueId, keywords }) => ({ id, queueId, queue: ref(queueId), keywords: [...keywords] })),
      warnings: routingWarnings(rules),
    };
  }

  return async (app) => {
    app.get(
      '/api/v1/email/accounts/:id/routing',
      {
        config: { permission: 'routing.read', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Read the routing of an account',
          params: IdParams,
          response: { 200: answer(Routing, 'The routing.') },
        },
      },
      async (request) => await routingAnswer(await getRouting(request.params.id)),
    );

    app.put(
      '/api/v1/email/accounts/:id/routing',
      {
        config: { permission: 'routing.change', problems: ['not-found', 'other-version'] },
        schema: {
          tags,
          summary: 'Save the routing of an account',
          description:
            'Counts from the next message, also while a long drain is running. Keywords match anywhere in the subject, ' +
            'whatever the case; several words match as written, with any white space between.',
          params: IdParams,
          body: RoutingInput,
          response: { 200: answer(Routing, 'The routing as it is now, with its new version.') },
        },
      },
      async (request) => {
        const { id } = request.params;
        const outcome = await saveRouting(db, principalOf(request).actor, id, request.body);
        if (outcome.outcome === 'saved' || outcome.outcome === 'not-found') {
          return await routingAnswer(await getRouting(id));
        }
        throw refusal(outcome, request.body);
      },
    );
  };
}

function refusal(
  outcome: Extract<RoutingOutcome, { outcome: 'other-version' | 'queues-missing' }>,
  body: z.output<typeof RoutingInput>,
): Problem {
  if (outcome.outcome === 'queues-missing') return missingQueues(queueProblems(body, (id) => outcome.ids.has(id), ''));
  const { version, change } = outcome;
  const who = change
    ? `${change.by ?? 'Another user'} saved version ${version} at ${change.at.toISOString()}`
    : `The routing is at version ${version}`;
  return new Problem(
    'routing-changed',
    `${who}, and you read version ${body.version}. Read it again, then save yours.`,
    {
      facts: { version, ...(change && { at: change.at.toISOString(), ...(change.by !== null && { by: change.by }) }) },
    },
  );
}
