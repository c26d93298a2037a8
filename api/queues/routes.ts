import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { countAcknowledgements } from '../../database/answers/acknowledge-items.ts';
import { listItems } from '../../database/queues/items.ts';
import {
  addQueue,
  changeQueue,
  findQueue,
  listQueues,
  type QueueRemoval,
  type QueueView,
  removeQueue,
} from '../../database/queues/queues.ts';
import { reachesQueue } from '../../domain/reach.ts';
import { NAMED_AT_MOST } from '../../domain/words/refusal-facts.ts';
import { principalOf } from '../access/access.ts';
import { cleanHtml } from '../answers/clean-html.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, empty } from '../http/answers.ts';
import { decodeCursor, encodeCursor } from '../http/page-cursor.ts';
import { Problem } from '../http/problem.ts';
import { Count, Flag, Id, IdParams } from '../http/values.ts';
import { Item, itemAnswer } from '../items/schemas.ts';
import { AcknowledgementCounts } from './acknowledgement-schema.ts';
import { NewQueue, Queue, QueueChange } from './schemas.ts';
import { targetAnswer } from './target-schema.ts';

const tags = ['Queues'];

/** Queues for agents, and the items that wait in them. */
export function queueRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  async function getQueue(id: string) {
    const queue = await findQueue(db, id);
    if (!queue) throw noSuchQueue();
    return queueWithWork(queue);
  }

  return async (app) => {
    app.get(
      '/api/v1/queues',
      {
        config: { permission: 'queues.read' },
        schema: {
          tags,
          summary: 'List queues',
          description: 'All queues by name, with what waits in them.',
          response: { 200: answer(z.object({ queues: z.array(Queue) }), 'The queues.') },
        },
      },
      async (request) => {
        const { reach } = principalOf(request);
        // A key of some accounts gets no queue, which has mail of others.
        const isInReach = ({ id }: QueueView) => reach.accountIds === undefined && reachesQueue(reach, id);
        return { queues: (await listQueues(db)).filter(isInReach).map(queueWithWork) };
      },
    );

    app.post(
      '/api/v1/queues',
      {
        config: { permission: 'queues.change', problems: ['conflict'] },
        schema: {
          tags,
          summary: 'Add a queue',
          description: 'Names are unique; upper and lower case make no difference.',
          body: NewQueue,
          response: { 201: answer(Queue, 'The new queue.') },
        },
      },
      async (request, reply) => {
        const id = await addQueue(db, principalOf(request).actor, request.body);
        reply.code(201).header('location', `/api/v1/queues/${id}`);
        return await getQueue(id);
      },
    );

    app.get(
      '/api/v1/queues/:id',
      {
        config: { permission: 'queues.read', problems: ['not-found'] },
        schema: { tags, summary: 'Read a queue', params: IdParams, response: { 200: answer(Queue, 'The queue.') } },
      },
      async (request) => await getQueue(request.params.id),
    );

    app.patch(
      '/api/v1/queues/:id',
      {
        config: { permission: 'queues.change', problems: ['not-found', 'conflict'] },
        schema: {
          tags,
          summary: 'Change a queue',
          params: IdParams,
          body: QueueChange,
          response: { 200: answer(Queue, 'The queue as it is now.') },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { acknowledgement, ...change } = request.body;
        const cleaned = acknowledgement && { ...acknowledgement, html: cleanHtml(acknowledgement.html) };
        const changed = await changeQueue(db, principalOf(request).actor, id, { ...change, acknowledgement: cleaned });
        if (!changed) throw noSuchQueue();
        return await getQueue(id);
      },
    );

    app.delete(
      '/api/v1/queues/:id',
      {
        config: { permission: 'queues.change', problems: ['not-found', 'in-use'] },
        schema: {
          tags,
          summary: 'Remove a queue',
          description: 'Refused while an account or a rule routes to it, or open items wait in it.',
          params: IdParams,
          response: { 204: empty('The queue is removed.') },
        },
      },
      async (request, reply) => {
        const removal = await removeQueue(db, principalOf(request).actor, request.params.id);
        if (!removal.removed) throw refusedRemoval(removal);
        return await reply.code(204).send();
      },
    );

    app.get(
      '/api/v1/queues/:id/acknowledgements',
      {
        config: { permission: 'queues.read', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Count the acknowledgements of a queue',
          description: 'What became of the automatic acknowledgements of the last 24 hours.',
          params: IdParams,
          response: { 200: answer(AcknowledgementCounts, 'How many, by outcome.') },
        },
      },
      async (request) => {
        const { id } = await getQueue(request.params.id);
        return { counts: [...(await countAcknowledgements(db, id))] };
      },
    );

    app.get(
      '/api/v1/queues/:id/items',
      {
        config: { permission: 'items.read', problems: ['not-found'] },
        schema: {
          tags: ['Items'],
          summary: 'List items of a queue',
          description: 'By the time the mail was received. `nextCursor` is the cursor of the following page.',
          params: IdParams,
          querystring: z.strictObject({
            state: z.enum(['waiting', 'claimed', 'parked', 'completed', 'all']).default('waiting'),
            order: z.enum(['oldest', 'newest']).default('oldest'),
            automatic: Flag.optional().meta({
              description: 'Only mail that a program sent, or only that of people. Without it both.',
            }),
            pageSize: Count(1, 200, 50),
            cursor: z.string().max(500).optional(),
          }),
          response: {
            200: answer(
              z.object({ items: z.array(Item), nextCursor: z.string().nullable() }),
              'A page of items; `nextCursor` is null on the last one.',
            ),
          },
        },
      },
      async (request) => {
        const { state, order, automatic, pageSize, cursor } = request.query;
        const { id: queueId } = await getQueue(request.params.id);
        const items = await listItems(db, {
          queueId,
          state: state === 'all' ? undefined : state,
          order,
          automatic,
          limit: pageSize + 1,
          after: cursor === undefined ? undefined : decodePosition(cursor),
        });
        const shown = items.slice(0, pageSize);
        const last = items.length > pageSize ? shown.at(-1) : undefined;
        return {
          items: shown.map(itemAnswer),
          nextCursor: last ? encodeCursor(last.receivedAt.toISOString(), last.id) : null,
        };
      },
    );
  };
}

/** As an answer holds it. */
function queueWithWork(queue: QueueView) {
  return { ...queue, outcomes: [...queue.outcomes], tags: [...queue.tags], target: targetAnswer(queue.target) };
}

export function noSuchQueue(): Problem {
  return new Problem('no-such-queue', 'There is no such queue. Take the id from GET /api/v1/queues.');
}

function decodePosition(cursor: string) {
  const isTime = (text: string) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) && !Number.isNaN(Date.parse(text));
  const isId = (text: string) => Id.safeParse(text).success;
  const [receivedAt = '', id = ''] = decodeCursor(cursor, [isTime, isId]);
  return { receivedAt: new Date(receivedAt), id };
}

const MANY_AT_ONCE = ' Config > Email changes the queue of many accounts at once.';

function refusedRemoval(removal: Extract<QueueRemoval, { removed: false }>): Problem {
  if (removal.because === 'not-found') return noSuchQueue();
  const { name, defaultOf, inRulesOf, openItems } = removal;
  const uses = [
    defaultOf.length > 0 && `is the default queue of ${list(defaultOf)}`,
    inRulesOf.length > 0 && `is used by rules of ${list(inRulesOf)}`,
    openItems > 0 && `holds ${openItems} open ${openItems === 1 ? 'item' : 'items'}`,
  ].filter((use) => use !== false);
  const steps = [
    defaultOf.length + inRulesOf.length > 0 && 'Choose other queues in the routing of these accounts',
    openItems > 0 && 'complete the items',
  ].filter((step) => step !== false);
  const isMany = Math.max(defaultOf.length, inRulesOf.length) > NAMED_AT_MOST;
  return new Problem(
    'queue-in-use',
    `The queue ${name} ${uses.join(' and ')}. ${upperFirst(steps.join(' and '))} first.${isMany ? MANY_AT_ONCE : ''}`,
    {
      facts: { name, defaultOf: [...defaultOf], inRulesOf: [...inRulesOf], openItems },
    },
  );
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, NAMED_AT_MOST).join(', ');
  return names.length > NAMED_AT_MOST ? `${shown} and ${names.length - NAMED_AT_MOST} more` : shown;
}

function upperFirst(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
