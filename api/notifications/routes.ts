import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findAccountRef } from '../../database/accounts/account-reads.ts';
import { requestReconciliation } from '../../database/ingest/reconciliations.ts';
import { noteLifecycleEvent } from '../../database/ingest/subscriptions.ts';
import { Failure } from '../../domain/failure.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { empty } from '../http/answers.ts';
import { type GraphNotification, parseNotifications } from './graph-notification.ts';
import { createNotificationStore } from './notification-store.ts';
import { tendLater } from './tending.ts';

/** Real tokens have about 200 characters; longer ones are not echoed. */
const LONGEST_TOKEN = 2_000;
/** Forged notifications are logged together, not one line each. */
const TELL_FORGED_EVERY_MS = 60_000;

/** Receives Microsoft's notifications (decision 9). */
export function graphNotificationRoutes(dependencies: ApiDependencies): FastifyPluginAsyncZod {
  const { db, keys, footing, logger } = dependencies;
  const store = createNotificationStore(db);
  let forged = 0;
  let toldAtMs = 0;

  function countForged(refused: number): void {
    forged += refused;
    if (forged === 0 || Date.now() - toldAtMs < TELL_FORGED_EVERY_MS) return;
    logger.warn({ forged }, 'notification.refused-forged');
    forged = 0;
    toldAtMs = Date.now();
  }

  return async (app) => {
    // Microsoft validates the address with an empty text/plain body.
    app.addContentTypeParser('text/plain', { parseAs: 'string', bodyLimit: LONGEST_TOKEN }, (_request, _body, done) =>
      done(null, undefined),
    );
    app.addHook('onClose', () => store.close());
    const tend = tendLater(app, dependencies);

    /**
     * Also makes the mailbox due: whatever happened to the subscription, mail may have arrived without a notification.
     */
    async function noteLifecycle({ accountId, subscriptionId, lifecycleEvent }: GraphNotification): Promise<void> {
      if (lifecycleEvent === undefined) return;
      if (!(await noteLifecycleEvent(db, accountId, subscriptionId, lifecycleEvent))) return;
      if (lifecycleEvent === 'missed') await requestReconciliation(db, accountId);
      logger.info({ accountId, lifecycleEvent }, 'subscription.lifecycle');
      const ref = await findAccountRef(db, accountId);
      if (!ref || ref.removed) return;
      tend(ref);
    }

    app.post(
      '/graph/notifications',
      {
        config: { permission: 'public' },
        schema: {
          tags: ['Microsoft'],
          summary: "Microsoft's notifications of new mail",
          description:
            'For Microsoft Graph alone. A notification only makes Mailroom read the mailbox; what it says is not ' +
            'believed. Forged ones are answered like others, and do nothing. What cannot be stored, or read with the ' +
            'keys of this process, is answered with 5xx, so that Microsoft sends it again.',
          querystring: z.looseObject({ validationToken: z.string().max(LONGEST_TOKEN).optional() }),
          body: z.unknown(),
          response: {
            200: {
              description: 'The validation token, as it came: the address is ours.',
              content: { 'text/plain': { schema: z.string() } },
            },
            202: empty('Stored.'),
          },
        },
      },
      async (request, reply) => {
        const { validationToken } = request.query;
        if (validationToken !== undefined) {
          return reply.code(200).type('text/plain; charset=utf-8').send(validationToken);
        }
        const { authentic, refused, needsOtherKey } = parseNotifications(keys, request.body);
        if (needsOtherKey && (await footing()).problem?.reason === 'key-missing') throw keyMissing();
        countForged(refused);
        await store.add([...new Set(authentic.map(({ accountId }) => accountId))]);
        await Promise.all(authentic.map(noteLifecycle));
        return reply.code(202).send();
      },
    );
  };
}

function keyMissing(): Failure {
  return new Failure('Unavailable', 'A notification needs a key that is missing', { reason: 'key-missing' });
}
