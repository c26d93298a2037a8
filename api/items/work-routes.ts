import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { reopenItem, undoCompletion } from '../../database/queues/complete-items.ts';
import { moveItem, separateItem } from '../../database/queues/move-items.ts';
import { parkItem, unparkItem } from '../../database/queues/park-items.ts';
import { tagItem } from '../../database/queues/tag-items.ts';
import { LONGEST_NOTE, MOST_TAGS, parkReasons } from '../../domain/item-work.ts';
import { trimInvisible } from '../../domain/words/invisible-text.ts';
import { principalOf } from '../access/access.ts';
import { may } from '../access/principal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { refusedAs, valueProblem } from '../http/value-problem.ts';
import { Id, IdParams } from '../http/values.ts';
import { Code, ItemWithMessage, SeenThrough } from './schemas.ts';
import { checkedAnswer, done } from './step-answers.ts';

const tags = ['Items'];

/** What a person writes for colleagues: several lines. */
export const NoteText = z
  .string()
  .overwrite(trimInvisible)
  .min(1)
  .max(LONGEST_NOTE)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), refusedAs('not-well-formed'));

/** True for a move that goes somewhere. */
export function namesWhere({ queueId, personId }: { queueId?: string | undefined; personId?: string | undefined }) {
  return queueId !== undefined || personId !== undefined;
}

export const Move = z
  .strictObject({
    queueId: Id.optional().meta({ description: 'Without it the queue stays.' }),
    personId: Id.optional().meta({ description: 'A user. Without it any agent of the queue gets the item.' }),
    note: NoteText.optional(),
  })
  .refine(namesWhere, refusedAs('missing'))
  .meta({ id: 'Move', examples: [{ queueId: '01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11', note: 'A refund, for you.' }] });

/** What one agent changes, beside what others change at the same time. */
export const TagChange = z
  .strictObject({
    add: z.array(Code).max(MOST_TAGS).default([]),
    remove: z.array(Code).max(MOST_TAGS).default([]),
  })
  .meta({ id: 'TagChange', examples: [{ add: ['refund'] }] });

/** Steps that need nothing but the item. */
const stepsByThemselves = [
  {
    step: 'unpark',
    summary: 'Put a parked item back into its queue',
    description: 'For any agent. To work on it yourself, claim it instead.',
    take: unparkItem,
  },
  {
    step: 'undo',
    summary: 'Undo a completion',
    description: 'By who completed the item, within a minute: it is claimed by you again.',
    take: undoCompletion,
  },
  {
    step: 'separate',
    summary: 'Separate a mail from the item that it is joined to',
    description: 'It waits in the queue as an item by itself.',
    take: separateItem,
  },
] as const;

/** Steps of work between claiming an item and completing it. */
export function workRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    const changed = { 200: answer(ItemWithMessage, 'The item as it is now.') };
    const problems = ['not-found', 'not-claimed', 'invalid-transition'] as const;

    app.post(
      '/api/v1/items/:id/park',
      {
        config: { permission: 'items.work', problems },
        schema: {
          tags,
          summary: 'Park an item',
          description:
            'Takes it out of the queue `until` a time, or until the customer writes. A mail of its conversation wakes it ' +
            'in both cases. Then it waits again, and is kept for you for four hours before others get it as their next. ' +
            'Not while another user holds it. Parking it again changes when and why. With `seenThrough` it is refused ' +
            '(`item-has-new-mail`) where a mail of the conversation has come that you have not seen.',
          params: IdParams,
          body: z
            .strictObject({
              reason: z.enum(parkReasons),
              until: z.iso
                .datetime({ offset: true })
                .optional()
                .meta({
                  description: 'Required for `time`. Within a year.',
                  examples: ['2026-11-30T09:00:00+01:00'],
                }),
              note: NoteText.optional(),
              seenThrough: SeenThrough,
            })
            .meta({ id: 'Parking', examples: [{ reason: 'customer' }] }),
          response: changed,
        },
      },
      async (request) => {
        const { reason, until: at, note, seenThrough } = request.body;
        const until = at === undefined ? undefined : new Date(at);
        refuseNoFuture(reason, until);
        const { actor } = principalOf(request);
        return done(await parkItem(db, request.params.id, { actor, reason, until, note, seenThrough }, checkedAnswer));
      },
    );

    for (const { step, summary, description, take } of stepsByThemselves) {
      app.post(
        `/api/v1/items/:id/${step}`,
        {
          config: { permission: 'items.work', problems },
          schema: {
            tags,
            summary,
            description,
            params: IdParams,
            body: z.strictObject({}).nullish(),
            response: changed,
          },
        },
        async (request) => done(await take(db, request.params.id, principalOf(request).actor, checkedAnswer)),
      );
    }

    app.post(
      '/api/v1/items/:id/reopen',
      {
        config: { permission: 'items.work', problems },
        schema: {
          tags,
          summary: 'Open a completed item again',
          description: 'With the reason as a note. It waits in its queue.',
          params: IdParams,
          body: z.strictObject({ reason: NoteText }).meta({ examples: [{ reason: 'The refund did not arrive.' }] }),
          response: changed,
        },
      },
      async (request) => {
        const { actor } = principalOf(request);
        return done(await reopenItem(db, request.params.id, { actor, reason: request.body.reason }, checkedAnswer));
      },
    );

    app.post(
      '/api/v1/items/:id/move',
      {
        config: { permission: 'items.work', problems },
        schema: {
          tags,
          summary: 'Move an item to another queue or person',
          description:
            'It waits there; a person finds it among theirs, and others do not get it as their next. Not while another ' +
            'user holds it, except with the permission `items.supervise`.',
          params: IdParams,
          body: Move,
          response: changed,
        },
      },
      async (request) => {
        const principal = principalOf(request);
        const { actor } = principal;
        const { queueId, personId, note } = request.body;
        const move = { actor, supervises: may(principal, 'items.supervise'), queueId, personId, note };
        return done(await moveItem(db, request.params.id, move, checkedAnswer));
      },
    );

    app.put(
      '/api/v1/items/:id/tags',
      {
        config: { permission: 'items.work', problems: ['not-found', 'invalid-transition'] },
        schema: {
          tags,
          summary: 'Set the tags of an item',
          description:
            "All its tags. New ones are among those of the item's queue. What another agent added at the same time is lost: " +
            'PATCH keeps it.',
          params: IdParams,
          body: z.strictObject({ tags: z.array(Code).max(MOST_TAGS) }).meta({ examples: [{ tags: ['refund'] }] }),
          response: changed,
        },
      },
      async (request) => {
        const { actor } = principalOf(request);
        return done(await tagItem(db, request.params.id, actor, request.body, checkedAnswer));
      },
    );

    app.patch(
      '/api/v1/items/:id/tags',
      {
        config: { permission: 'items.work', problems: ['not-found', 'invalid-transition'] },
        schema: {
          tags,
          summary: 'Add and remove tags of an item',
          description: "Its other tags stay. New ones are among those of the item's queue. Safe to repeat.",
          params: IdParams,
          body: TagChange,
          response: changed,
        },
      },
      async (request) => {
        const { actor } = principalOf(request);
        return done(await tagItem(db, request.params.id, actor, request.body, checkedAnswer));
      },
    );
  };
}

/** Longer is an item that is forgotten. */
const LONGEST_PARKING_MS = 366 * 86_400_000;

function refuseNoFuture(reason: (typeof parkReasons)[number], until: Date | undefined): void {
  const left = until === undefined ? undefined : until.getTime() - Date.now();
  const isFuture = left === undefined ? reason === 'customer' : left > 0 && left <= LONGEST_PARKING_MS;
  if (isFuture) return;
  throw new Problem('park-without-end', 'Name a moment within a year until which the item is parked.', {
    errors: [valueProblem('/until', until === undefined ? 'missing' : 'not-acceptable')],
  });
}
