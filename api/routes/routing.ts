import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { findSubject } from '../../database/messages.ts';
import { findQueueNames, findRouting, type RoutingOutcome, saveRouting } from '../../database/routing-rules.ts';
import { type Routing as DomainRouting, decide } from '../../domain/routing.ts';
import { principalOf } from '../access.ts';
import { getAccountRef } from '../account-commands.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { matchedRange } from '../matched-range.ts';
import { Problem, type ValueProblem } from '../problem.ts';
import { routingWarnings } from '../routing-warnings.ts';
import { answer } from '../schemas/answers.ts';
import { Routing, RoutingInput, RoutingTrial, RoutingVerdict } from '../schemas/routing.ts';
import { IdParams } from '../schemas/values.ts';
import { decisionWords } from '../words/decision-words.ts';

const tags = ['Routing'];

/** Which queue the mail of an account goes to. */
export function routingRoutes(dependencies: ApiDependencies): FastifyPluginAsyncZod {
  const { db } = dependencies;

  async function getRouting(accountId: string): Promise<DomainRouting> {
    const routing = await findRouting(db, (await getAccountRef(dependencies, accountId)).id);
    return routing as DomainRouting;
  }

  async function routingAnswer({ version, defaultQueueId, rules }: DomainRouting): Promise<z.output<typeof Routing>> {
    const names = await findQueueNames(db, [defaultQueueId, ...rules.map(({ queueId }) => queueId)]);
    const ref = (id: string) => ({ id, name: names.get(id) ?? '' });
    return {
      version,
      defaultQueueId,
      defaultQueue: ref(defaultQueueId),
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

    app.post(
      '/api/v1/email/accounts/:id/routing/try',
      {
        config: { permission: 'routing.read', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Try where a subject would go',
          description: 'A subject, or a message that is captured already; with the saved routing or with a draft.',
          params: IdParams,
          body: RoutingTrial,
          response: { 200: answer(RoutingVerdict, 'Where it would go, and why.') },
        },
      },
      async (request) => {
        const { subject: given, messageId, routing: draft } = request.body;
        const saved = await getRouting(request.params.id);
        const routing = draft ? draftRouting(saved, draft) : saved;
        const subject = given ?? (await findSubject(db, request.params.id, messageId as string));
        if (subject === undefined) {
          throw new Problem(
            'unacceptable-values',
            'The account has no such message. Take the id from one of its items.',
            {
              errors: [{ path: '/messageId', detail: 'names no message of this account' }],
            },
          );
        }
        const names = await findQueueNames(db, [
          routing.defaultQueueId,
          ...routing.rules.map(({ queueId }) => queueId),
        ]);
        if (draft) refuseMissingQueues(draft, names, '/routing');
        const decision = decide(routing, { subject });
        return {
          subject,
          queue: { id: decision.queueId, name: names.get(decision.queueId) ?? '' },
          rule:
            decision.by === 'rule'
              ? {
                  position: decision.position,
                  keyword: decision.keyword,
                  matched: matchedRange(subject, decision.keyword) ?? null,
                }
              : null,
          why: decisionWords(decision),
          decision,
        };
      },
    );
  };
}

type Draft = NonNullable<z.output<typeof RoutingTrial>['routing']>;

function draftRouting({ version, defaultQueueId }: DomainRouting, draft: Draft): DomainRouting {
  return {
    version,
    defaultQueueId: draft.defaultQueueId ?? defaultQueueId,
    rules: draft.rules.map(({ id, ...rule }) => ({ ...rule, id: id ?? randomUUID() })),
  };
}

function refusal(
  outcome: Extract<RoutingOutcome, { outcome: 'other-version' | 'queues-missing' }>,
  body: z.output<typeof RoutingInput>,
): Problem {
  if (outcome.outcome === 'queues-missing') return missingQueues(queueProblems(body, (id) => outcome.ids.has(id), ''));
  const { version, change } = outcome;
  const who = change
    ? `${change.by ?? 'Somebody'} saved version ${version} at ${change.at.toISOString()}`
    : `The routing is at version ${version}`;
  return new Problem('other-version', `${who}, and you read version ${body.version}. Read it again, then save yours.`);
}

function refuseMissingQueues(draft: Draft, names: ReadonlyMap<string, string>, base: string): void {
  const errors = queueProblems(draft, (id) => !names.has(id), base);
  if (errors.length > 0) throw missingQueues(errors);
}

function queueProblems(
  { defaultQueueId, rules }: { readonly defaultQueueId?: string | undefined; readonly rules: Draft['rules'] },
  isMissing: (id: string) => boolean,
  base: string,
): ValueProblem[] {
  const detail = 'names no queue';
  const errors = rules.flatMap(({ queueId }, index) =>
    isMissing(queueId) ? [{ path: `${base}/rules/${index}/queueId`, detail }] : [],
  );
  if (defaultQueueId !== undefined && isMissing(defaultQueueId)) {
    errors.unshift({ path: `${base}/defaultQueueId`, detail });
  }
  return errors;
}

function missingQueues(errors: readonly ValueProblem[]): Problem {
  const where = errors.map(({ path }) => path).join(', ');
  return new Problem('unacceptable-values', `No such queue: ${where}. Take the id from GET /api/v1/queues.`, {
    errors,
  });
}
