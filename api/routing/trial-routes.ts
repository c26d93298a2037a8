import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findSubject, listRoutedMessages, type RoutedMessageView } from '../../database/queues/messages.ts';
import { findQueueNames } from '../../database/queues/routing-rules.ts';
import { cutText, MOST_LISTED_SUBJECT_CHARACTERS } from '../../domain/message-limits.ts';
import { rehearse } from '../../domain/rehearsal.ts';
import { decide, type Routing } from '../../domain/routing.ts';
import { getAccountRef } from '../accounts/account-commands.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { valueProblem } from '../http/value-problem.ts';
import { Count, IdParams } from '../http/values.ts';
import { correspondent } from '../items/schemas.ts';
import { queueAnswer } from '../queues/schemas.ts';
import { getAccountRouting, queueIdsOf } from './account-routing.ts';
import { decisionWords } from './decision-words.ts';
import { matchedRange } from './matched-range.ts';
import { refuseMissingQueues } from './missing-queues.ts';
import { ReceivedMessage, Rehearsal, RoutingDraft, RoutingTrial, RoutingVerdict } from './trial-schemas.ts';

const tags = ['Routing'];

/** Enough to see what rules do to some weeks of mail; routing them takes milliseconds. */
const REHEARSED = 500;

/** What a routing would do, before it is saved. */
export function routingTrialRoutes(dependencies: ApiDependencies): FastifyPluginAsyncZod {
  const { db } = dependencies;

  return async (app) => {
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
        const saved = await getAccountRouting(dependencies, request.params.id);
        const routing = draft ? draftRouting(saved, draft) : saved;
        const subject = given ?? (await findSubject(db, request.params.id, messageId as string));
        if (subject === undefined) {
          throw new Problem('no-such-message', 'The account has no such message. Take the id from one of its items.', {
            errors: [valueProblem('/messageId', 'no-message')],
          });
        }
        const names = await findQueueNames(db, queueIdsOf(routing));
        if (draft) refuseMissingQueues(draft, names, '/routing');
        const decision = decide({ subject }, routing);
        return {
          subject,
          queue: decision.queueId === null ? null : { id: decision.queueId, name: names.get(decision.queueId) ?? '' },
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

    app.post(
      '/api/v1/email/accounts/:id/routing/rehearse',
      {
        config: { permission: 'routing.read', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Rehearse a routing on received mail',
          description: `What a draft would have done to the last ${REHEARSED} messages of the account. Nothing is moved.`,
          params: IdParams,
          body: z.strictObject({ routing: RoutingDraft }).meta({ id: 'RehearsalRequest' }),
          response: { 200: answer(Rehearsal, 'What would have gone elsewhere.') },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { routing: draft } = request.body;
        const routing = draftRouting(await getAccountRouting(dependencies, id), draft);
        const messages = await listRoutedMessages(db, id, REHEARSED);
        const names = await findQueueNames(db, queueIdsOf(routing));
        refuseMissingQueues(draft, names, '/routing');
        const { moves, flows } = rehearse(routing, messages);
        // A queue that mail went to may have been removed since.
        const before = new Map(messages.map(({ queueId, queueName }) => [queueId, queueName]));
        const ref = (queueId: string | null) =>
          queueAnswer(queueId, queueId && (names.get(queueId) ?? before.get(queueId) ?? ''));
        return {
          messages: messages.length,
          since: messages.at(-1)?.receivedAt ?? null,
          moved: moves.length,
          flows: flows.map(({ from, to, count }) => ({ from: ref(from), to: ref(to), count })),
          moves: moves.map(({ message, decision }) => ({
            ...receivedAnswer(message),
            to: ref(decision.queueId),
            rule:
              decision.by === 'rule'
                ? {
                    position: decision.position,
                    keyword: decision.keyword,
                    matched: matchedRange(listed(message.subject), decision.keyword) ?? null,
                  }
                : null,
            why: decisionWords(decision),
          })),
        };
      },
    );

    app.get(
      '/api/v1/email/accounts/:id/messages',
      {
        config: { permission: 'routing.read', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'The newest messages of an account',
          description: 'With the queue that each went to; for trying rules on them.',
          params: IdParams,
          querystring: z.strictObject({ limit: Count(1, REHEARSED, 30) }),
          response: { 200: answer(z.object({ messages: z.array(ReceivedMessage) }), 'Newest first.') },
        },
      },
      async (request) => {
        const { id } = await getAccountRef(dependencies, request.params.id);
        const messages = await listRoutedMessages(db, id, request.query.limit);
        return { messages: messages.map(receivedAnswer) };
      },
    );
  };
}

function receivedAnswer(message: RoutedMessageView): z.output<typeof ReceivedMessage> {
  const { id, itemId, subject, fromName, fromAddress, receivedAt, queueId, queueName } = message;
  const from = correspondent(fromName, fromAddress);
  return { id, itemId, subject: listed(subject), from, receivedAt, queue: queueAnswer(queueId, queueName) };
}

/** A marked range must lie in the displayed part. */
function listed(subject: string): string {
  return cutText(subject, MOST_LISTED_SUBJECT_CHARACTERS);
}

function draftRouting(
  { version, defaultQueueId, removedQueueIds }: Routing,
  draft: z.output<typeof RoutingDraft>,
): Routing {
  return {
    version,
    defaultQueueId: draft.defaultQueueId === undefined ? defaultQueueId : (draft.defaultQueueId ?? undefined),
    removedQueueIds,
    rules: draft.rules.map(({ id, ...rule }) => ({ ...rule, id: id ?? randomUUID() })),
  };
}
