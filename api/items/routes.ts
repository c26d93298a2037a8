import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { listHeldItems } from '../../database/queues/items.ts';
import { findHtml, findItem } from '../../database/queues/messages.ts';
import { createQueueExit } from '../../database/queues/queue-exit.ts';
import { findQueue } from '../../database/queues/queues.ts';
import { principalOf } from '../access/access.ts';
import { may } from '../access/principal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, empty, plainText } from '../http/answers.ts';
import { IdParams } from '../http/values.ts';
import { noSuchQueue } from '../queues/routes.ts';
import { heldByDrafts } from './draft-guard.ts';
import { messageDeleted, noSuchItem } from './item-problems.ts';
import { Code, Item, ItemWithMessage, itemAnswer, itemWithMessageAnswer, SeenThrough } from './schemas.ts';
import { checkedAnswer, done, refusedStep } from './step-answers.ts';

const tags = ['Items'];

/** Time to read a mail and answer it; a client that needs longer asks for it. */
const DEFAULT_LEASE_SECONDS = 300;

const Claim = z
  .strictObject({ leaseSeconds: z.int().min(30).max(3_600).default(DEFAULT_LEASE_SECONDS) })
  .nullish()
  .meta({ examples: [{ leaseSeconds: DEFAULT_LEASE_SECONDS }] });

const ClaimOfNext = z
  .strictObject({
    leaseSeconds: z.int().min(30).max(3_600).default(DEFAULT_LEASE_SECONDS),
    requestId: z.uuid().optional().meta({
      description: 'A name for this claim. When its answer got lost, ask again by it, and get the same item.',
    }),
  })
  .nullish()
  .meta({ examples: [{ leaseSeconds: DEFAULT_LEASE_SECONDS }] });

const Completion = z
  .strictObject({
    outcome: Code.optional().meta({ description: "One of the queue's outcomes." }),
    seenThrough: SeenThrough,
    unlessDraft: z.boolean().optional().meta({
      description: 'Refuses while an answer with text is at the item that was not sent, with the ids of such answers.',
    }),
  })
  .nullish()
  .meta({ examples: [{ outcome: 'refunded' }] });

/** Claiming items and finishing them. */
export function itemRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  const exit = createQueueExit(db);
  return async (app) => {
    app.post(
      '/api/v1/queues/:id/claim',
      {
        config: { permission: 'items.work', problems: ['not-found', 'not-claimed'] },
        schema: {
          tags,
          summary: 'Claim the next item of a queue',
          description:
            'The one that is due first by the target of the queue; without a target the oldest one without an answer, and ' +
            'after those what was answered and waits again. What is kept for you comes before. ' +
            'Safe for many callers at once: no caller gets an item that another one holds. When the lease runs out ' +
            'before the item is completed, it waits again. When no answer arrives, ask again by the same `requestId`, or ' +
            'look at what you hold: GET /api/v1/items/held.',
          params: IdParams,
          body: ClaimOfNext,
          response: { 200: answer(ItemWithMessage, 'The item, claimed by you.'), 204: empty('Nothing waits.') },
        },
      },
      async (request, reply) => {
        const { id: queueId } = request.params;
        const { leaseSeconds = DEFAULT_LEASE_SECONDS, requestId } = request.body ?? {};
        const { actor: holder } = principalOf(request);
        const claimed = await exit.claimNext({ queueId, holder, leaseSeconds, requestId }, checkedAnswer);
        if (claimed) return claimed;
        const queue = await findQueue(db, queueId);
        if (!queue) throw noSuchQueue();
        if (queue.offers?.allowsClaims === false) throw refusedStep('offered-only');
        return await reply.code(204).send();
      },
    );

    app.get(
      '/api/v1/items/held',
      {
        config: { permission: 'items.work' },
        schema: {
          tags,
          summary: 'List what you hold',
          description: 'Items that you claimed and whose leases have not run out, the shortest lease first.',
          response: { 200: answer(z.object({ items: z.array(Item) }), 'The items.') },
        },
      },
      async (request) => {
        const { actor, reach } = principalOf(request);
        return { items: (await listHeldItems(db, actor, reach)).map(itemAnswer) };
      },
    );

    app.get(
      '/api/v1/items/:id',
      {
        config: { permission: 'items.read', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Read an item with its message',
          params: IdParams,
          response: { 200: answer(ItemWithMessage, 'The item, its message, and why it is where it is.') },
        },
      },
      async (request) => {
        const found = await findItem(db, request.params.id);
        if (!found) throw noSuchItem();
        return itemWithMessageAnswer(found);
      },
    );

    app.get(
      '/api/v1/items/:id/html',
      {
        config: { permission: 'items.read', problems: ['not-found', 'gone'] },
        schema: {
          tags,
          summary: 'Read the HTML of a message',
          description:
            'As received, however large. It comes as plain text to be saved, so that no browser shows it in ' +
            'the place of a page of Mailroom. 410 when the message was deleted from Mailroom.',
          params: IdParams,
          response: { 200: plainText('The HTML.'), 204: empty('The message has no HTML.') },
        },
      },
      async (request, reply) => {
        const found = await findHtml(db, request.params.id);
        if (!found) throw noSuchItem();
        if (found.isDeleted) throw messageDeleted();
        if (found.html === null) return await reply.code(204).send();
        reply.header('content-disposition', 'attachment; filename="message.html.txt"');
        return await reply.type('text/plain; charset=utf-8').send(found.html);
      },
    );

    app.post(
      '/api/v1/items/:id/claim',
      {
        config: { permission: 'items.work', problems: ['not-found', 'not-claimed', 'invalid-transition'] },
        schema: {
          tags,
          summary: 'Claim this item',
          description: 'One that waits, wherever it stands in its queue. What you hold already you hold longer.',
          params: IdParams,
          body: Claim,
          response: { 200: answer(ItemWithMessage, 'The item, claimed by you.') },
        },
      },
      async (request) => {
        const { id } = request.params;
        const leaseSeconds = request.body?.leaseSeconds ?? DEFAULT_LEASE_SECONDS;
        const { actor: holder } = principalOf(request);
        return done(await exit.claim(id, { holder, leaseSeconds }, checkedAnswer));
      },
    );

    app.post(
      '/api/v1/items/:id/complete',
      {
        config: { permission: 'items.work', problems: ['not-found', 'not-claimed', 'invalid-transition'] },
        schema: {
          tags,
          summary: 'Complete an item',
          description:
            'Only by who claimed it; the items that are joined to it are completed with it. To complete again what one ' +
            'completed oneself changes nothing. With `seenThrough` it is refused (`item-has-new-mail`) where a mail was joined ' +
            'that you have not seen, and with `unlessDraft` (`item-has-draft`) while an answer with text is unsent.',
          params: IdParams,
          body: Completion,
          response: { 200: answer(ItemWithMessage, 'The completed item.') },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { actor: holder } = principalOf(request);
        const { unlessDraft = false, ...completion } = request.body ?? {};
        const held = unlessDraft ? (await heldByDrafts(db, [id], holder)).get(id) : undefined;
        if (held) throw held;
        return done(await exit.complete(id, { holder, ...completion }, checkedAnswer));
      },
    );

    app.post(
      '/api/v1/items/:id/release',
      {
        config: { permission: 'items.work', problems: ['not-found', 'not-claimed', 'invalid-transition'] },
        schema: {
          tags,
          summary: 'Release an item',
          description:
            'Puts the item back into its queue. Only by who claimed it, or with the permission `items.supervise`. ' +
            'To release what waits already changes nothing.',
          params: IdParams,
          body: z.strictObject({}).nullish(),
          response: { 200: answer(ItemWithMessage, 'The item, waiting again.') },
        },
      },
      async (request) => {
        const { id } = request.params;
        const principal = principalOf(request);
        const { actor: holder } = principal;
        const takeBack = may(principal, 'items.supervise');
        return done(await exit.release(id, { holder, takeBack }, checkedAnswer));
      },
    );
  };
}
