import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { principalOf } from '../access/access.ts';
import type { Authentication } from '../access/authentication.ts';
import type { Principal } from '../access/principal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { Problem } from '../http/problem.ts';
import type { ChangeBatch } from './change-feed.ts';
import { ChangeStream, changesFor, concerns } from './change-stream.ts';

/** Proxies close connections that are idle for a minute. Also how soon an expired session is noticed. */
const BEAT_EVERY_MS = 15_000;
/** Browsers open one for each visible tab; a script needs few. */
const MOST_STREAMS_EACH = 20;

/** What a principal may do and see, to compare. */
function sightOf({ profile, reach, readsMail }: Principal): string {
  return JSON.stringify([profile, reach.queueIds?.toSorted(), reach.accountIds, readsMail]);
}

/** Changes as they happen: for pages that show them, in any browser and from any process. */
export function changeRoutes({ db, changes }: ApiDependencies, authentication: Authentication): FastifyPluginAsyncZod {
  const streams = new Map<ChangeStream, string>();

  return async (app) => {
    app.addHook('preClose', async () => {
      for (const stream of streams.keys()) stream.end();
    });

    app.get(
      '/api/v1/changes',
      {
        config: { permission: 'signed-in', problems: ['too-many-requests'] },
        schema: {
          tags: ['Changes'],
          summary: 'Follow what changes',
          description:
            'Server-sent events. `ready` comes first: changes before it were not sent, so read what you show. ' +
            '`changes` carries `{ "changes": [{ "topic", "ids" }] }` for what you may read: `accounts`, `routing` and ' +
            '`items` with ids of accounts, `queues` and `users` with their own, `answers` and `presence` with ids of items, `settings`, `offers` for what is ' +
            'offered to you and your availability, and `me` when your own ' +
            'profile is another. Without `ids` it may be anything of the topic. It says that something changed, never ' +
            'what. `signed-out` ends the stream with the session or the key. A drain that finds no new mail tells nothing.',
          response: {
            200: { description: 'A stream without end.', content: { 'text/event-stream': { schema: z.any() } } },
          },
        },
      },
      async (request, reply) => {
        let principal = principalOf(request);
        const { actor } = principal;
        const open = [...streams.values()].filter((holder) => holder === actor).length;
        if (open >= MOST_STREAMS_EACH) {
          throw new Problem('too-many-streams', `You follow changes ${open} times already. Close some of them.`);
        }
        const stream = new ChangeStream();

        /** Ends the stream when the session or key is no longer valid, and takes over a changed profile. */
        async function authenticateAgain(): Promise<void> {
          // An unavailable database says nothing about the session; the feed is lost with it anyway.
          const found = await authentication.authenticate(request, { isUse: false }).catch(() => principal);
          if (!found) {
            stream.tell('signed-out', {});
            return stream.end();
          }
          const isOther = sightOf(found) !== sightOf(principal);
          principal = found;
          if (isOther) stream.tell('changes', { changes: [{ topic: 'me' }] });
        }

        /** Ends the stream where it cannot be said what the principal may see of it: the client reads everything again. */
        async function tellOf(batch: ChangeBatch): Promise<void> {
          const told = await changesFor(db, principal, batch).catch(() => undefined);
          if (told === undefined) stream.end();
          else if (told.length > 0) stream.tell('changes', { changes: told });
        }

        const unsubscribe = await changes.subscribe({
          onChanges(batch) {
            void tellOf(batch);
            if (concerns(principal, batch)) void authenticateAgain();
          },
          onLost: () => stream.end(),
        });
        streams.set(stream, actor);
        const beat = setInterval(() => {
          stream.beat();
          void authenticateAgain();
        }, BEAT_EVERY_MS);
        stream.once('close', () => {
          clearInterval(beat);
          unsubscribe();
          streams.delete(stream);
        });
        // The headers are sent with the first bytes, which are already there.
        return reply.headers({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' }).send(stream);
      },
    );
  };
}
