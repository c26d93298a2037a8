import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { chooseAvailability, readAvailability, reportOpenPage } from '../../database/offers/availability.ts';
import { acceptOffer, declineOffer, listOffers, type OfferOutcomeOf } from '../../database/offers/offers.ts';
import { availabilityStates, IDLE_AFTER_MINUTES } from '../../domain/offering.ts';
import { principalOf } from '../access/access.ts';
import type { Principal } from '../access/principal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, empty } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { IdParams } from '../http/values.ts';
import { ItemWithMessage } from '../items/schemas.ts';
import { checkedAnswer, done } from '../items/step-answers.ts';
import { Availability, availabilityAnswer } from './schemas.ts';

const tags = ['Offers'];

/** As after a claim. */
const LEASE_SECONDS = 300;
const LONGEST_IDLE_SECONDS = 86_400;

/** Whether one is available, and what one is offered. For people: API keys claim. */
export function offerRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  async function availabilityOf(userId: string) {
    const availability = await readAvailability(db, userId);
    const offers = availability?.isUsed ? await listOffers(db, userId) : [];
    return availabilityAnswer(availability ?? neverOffered, offers);
  }

  return async (app) => {
    const current = { 200: answer(Availability, 'As it is now.') };

    app.get(
      '/api/v1/me/availability',
      {
        config: { permission: 'items.work' },
        schema: {
          tags,
          summary: 'Read whether you are available, and what you are offered',
          description: 'Items of queues with `offers` are offered to who is available and has room.',
          response: current,
        },
      },
      async (request) => await availabilityOf(principalOf(request).id),
    );

    app.put(
      '/api/v1/me/availability',
      {
        config: { permission: 'items.work' },
        schema: {
          tags,
          summary: 'Become available, or go away',
          description:
            'Away, you are offered nothing, and what you are offered goes on to others. You keep what you claimed. Who ' +
            'is available reports an open page: POST /api/v1/me/availability/reports.',
          body: z.strictObject({ state: z.enum(availabilityStates) }).meta({ examples: [{ state: 'available' }] }),
          response: current,
        },
      },
      async (request) => {
        const userId = userOf(principalOf(request));
        await chooseAvailability(db, userId, request.body.state);
        return await availabilityOf(userId);
      },
    );

    app.post(
      '/api/v1/me/availability/reports',
      {
        config: { permission: 'items.work' },
        schema: {
          tags,
          summary: 'Report that your page is open',
          description:
            'Every half minute. Without a report for two and a half minutes, or with ' +
            `${IDLE_AFTER_MINUTES} minutes without a sign of you, you are away.`,
          body: z
            .strictObject({
              idleSeconds: z.int().min(0).max(LONGEST_IDLE_SECONDS).meta({
                description: 'How long ago you last moved the mouse, typed or scrolled.',
              }),
            })
            .meta({ examples: [{ idleSeconds: 5 }] }),
          response: current,
        },
      },
      async (request) => {
        const userId = userOf(principalOf(request));
        await reportOpenPage(db, userId, request.body.idleSeconds);
        return await availabilityOf(userId);
      },
    );

    app.post(
      '/api/v1/offers/:id/accept',
      {
        config: { permission: 'items.work', problems: ['not-found', 'not-claimed', 'invalid-transition'] },
        schema: {
          tags,
          summary: 'Accept an offer',
          description: 'The item is claimed by you, as by a claim.',
          params: IdParams,
          body: z.strictObject({}).nullish(),
          response: { 200: answer(ItemWithMessage, 'The item, claimed by you.') },
        },
      },
      async (request) => {
        const reply = { offerId: request.params.id, userId: principalOf(request).id, leaseSeconds: LEASE_SECONDS };
        return answered(await acceptOffer(db, reply, checkedAnswer));
      },
    );

    app.post(
      '/api/v1/offers/:id/decline',
      {
        config: { permission: 'items.work', problems: ['not-found', 'not-claimed'] },
        schema: {
          tags,
          summary: 'Decline an offer',
          description: 'The item goes on to the next person. It comes back to you only when the others had it.',
          params: IdParams,
          body: z.strictObject({}).nullish(),
          response: { 204: empty('Declined.') },
        },
      },
      async (request, reply) => {
        const declined = { offerId: request.params.id, userId: principalOf(request).id };
        answered(await declineOffer(db, declined, () => undefined));
        return await reply.code(204).send();
      },
    );
  };
}

/** Of an API key. */
const neverOffered = { isUsed: false, state: 'away', because: null, since: null, capacity: 0, held: 0 } as const;

function userOf({ kind, id }: Principal): string {
  if (kind === 'user') return id;
  throw new Problem('only-users', 'Items are offered to people only. An API key claims them.');
}

function answered<Answer>(result: OfferOutcomeOf<Answer>): Answer {
  if (result.outcome === 'no-such-offer') {
    throw new Problem('no-such-offer', 'There is no such offer to you. Take the id from GET /api/v1/me/availability.');
  }
  return done(result);
}
