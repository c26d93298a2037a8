import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ControlError, parseBody } from '../entra/control/control-reply.ts';
import type { GraphContext } from '../graph/graph-context.ts';
import type { LiveSubscription } from '../graph/subscriptions/create-subscriptions.ts';
import { LIFECYCLE_EVENTS } from '../graph/subscriptions/subscription.ts';

const Lifecycle = z.strictObject({ event: z.enum(LIFECYCLE_EVENTS) });

interface SubscriptionParams {
  readonly Params: { readonly id: string };
}

/** `/control/subscriptions`: subscriptions, the state of their hosts, lifecycle events, and silent removal. */
export function registerControlSubscriptions(
  app: FastifyInstance,
  { delivery, notifier, subscriptions }: GraphContext,
): void {
  const getSubscription = (id: string): LiveSubscription => {
    const found = subscriptions.find(id);
    if (!found) throw new ControlError(404, 'SubscriptionNotFound', 'No subscription has this id; it may have ended.');
    return found;
  };

  app.get('/control/subscriptions', () => ({
    subscriptions: subscriptions.list().map(describe),
    endpoints: delivery.endpoints(),
  }));

  app.get<SubscriptionParams>('/control/subscriptions/:id', ({ params }) => describe(getSubscription(params.id)));

  app.delete<SubscriptionParams>('/control/subscriptions/:id', ({ params }, reply) => {
    subscriptions.remove(getSubscription(params.id).id);
    return reply.code(204).send();
  });

  app.post<SubscriptionParams>('/control/subscriptions/:id/lifecycle', (request, reply) => {
    const { event } = parseBody(Lifecycle, request);
    if (!notifier.tellLifecycle(getSubscription(request.params.id), event)) {
      throw new ControlError(409, 'NoLifecycleUrl', 'The subscription has no lifecycleNotificationUrl.');
    }
    return reply.code(202).send({ event });
  });
}

function describe(subscription: LiveSubscription): Record<string, unknown> {
  const { restriction, mailboxId, folderNumber, expiresAt, pausedAt, ...shown } = subscription;
  return {
    ...shown,
    expirationDateTime: new Date(expiresAt).toISOString(),
    pausedSince: pausedAt === null ? null : new Date(pausedAt).toISOString(),
  };
}
