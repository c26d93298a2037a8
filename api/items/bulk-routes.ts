import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { itemsWithin } from '../../database/people/reach.ts';
import type { ExitOutcome } from '../../database/queues/item-step.ts';
import { moveItem } from '../../database/queues/move-items.ts';
import { createQueueExit } from '../../database/queues/queue-exit.ts';
import { tagItem } from '../../database/queues/tag-items.ts';
import { principalOf } from '../access/access.ts';
import { may, type Principal } from '../access/principal.ts';
import { NOWHERE } from '../access/reach-guard.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { refusedAs } from '../http/value-problem.ts';
import { Id } from '../http/values.ts';
import { heldByDrafts } from './draft-guard.ts';
import { Code } from './schemas.ts';
import { refusedStep } from './step-answers.ts';
import { Move, namesWhere, TagChange } from './work-routes.ts';

/** More take longer than a person waits for an answer. */
const MOST_ITEMS = 100;

const BulkAction = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('complete'),
        outcome: Code.optional(),
        seenThrough: z
          .record(Id, Id)
          .meta({
            id: 'NewestMails',
            description: '`newestMail` of each item as you saw it. What has a newer one joined to it is refused.',
          })
          .optional(),
        unlessDraft: z.boolean().optional().meta({
          description: 'Refuses each item at which an answer with text is that was not sent.',
        }),
      })
      .meta({ id: 'CompleteItems' }),
    z
      .strictObject({ kind: z.literal('move'), ...Move.shape })
      .refine(namesWhere, refusedAs('missing'))
      .meta({ id: 'MoveItems' }),
    z.strictObject({ kind: z.literal('tag'), ...TagChange.shape }).meta({ id: 'TagItems' }),
  ])
  .meta({ id: 'BulkAction', examples: [{ kind: 'complete' }] });

/** One step for many items, each by itself. */
export function bulkRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  const exit = createQueueExit(db);

  async function act(id: string, action: z.output<typeof BulkAction>, principal: Principal) {
    const { actor } = principal;
    const nothing = () => undefined;
    switch (action.kind) {
      case 'complete':
        return await exit.complete(
          id,
          { holder: actor, outcome: action.outcome, claims: true, seenThrough: action.seenThrough?.[id] },
          nothing,
        );
      case 'move': {
        const { queueId, personId, note } = action;
        const supervises = may(principal, 'items.supervise');
        return await moveItem(db, id, { actor, supervises, queueId, personId, note }, nothing);
      }
      case 'tag':
        return await tagItem(db, id, actor, action, nothing);
    }
  }

  return async (app) => {
    app.post(
      '/api/v1/items/bulk',
      {
        config: { permission: 'items.work' },
        schema: {
          tags: ['Items'],
          summary: 'Complete, move or tag many items',
          description:
            'At most 100. Each is changed by itself, and is answered by itself: what another user holds is refused, and ' +
            'the others are done. `complete` also takes what waits or is parked, as if you had claimed it. Safe to repeat.',
          body: z
            .strictObject({ ids: z.array(Id).min(1).max(MOST_ITEMS), action: BulkAction })
            .meta({ id: 'BulkRequest' }),
          response: {
            200: answer(
              z.object({
                results: z.array(
                  z.object({
                    id: Id,
                    done: z.boolean(),
                    reason: z.string().nullable().meta({ description: 'Why not, by the names of problems.' }),
                    detail: z.string().nullable(),
                  }),
                ),
              }),
              'What became of each, in the order of the request.',
            ),
          },
        },
      },
      async (request) => {
        const { ids, action } = request.body;
        const results = [];
        const principal = principalOf(request);
        const within = new Set(await itemsWithin(db, ids, principal.reach));
        const checksDrafts = action.kind === 'complete' && action.unlessDraft === true;
        const held = checksDrafts ? await heldByDrafts(db, [...within], principal.actor) : undefined;
        for (const id of new Set(ids)) {
          const problem = held?.get(id);
          if (problem) {
            results.push({ id, done: false, reason: problem.reason, detail: problem.message });
            continue;
          }
          results.push({ id, ...told(await act(within.has(id) ? id : NOWHERE, action, principal)) });
        }
        return { results };
      },
    );
  };
}

function told({ outcome }: ExitOutcome<undefined>) {
  if (outcome === 'done') return { done: true, reason: null, detail: null };
  const { reason, message } = refusedStep(outcome);
  return { done: false, reason, detail: message };
}
