import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { endSessionsAtProvider } from '../../database/people/end-sessions-at-provider.ts';
import type { AttemptLimits } from '../access/attempt-limits.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { SignOnProvider } from './provider.ts';
import { SignOnRefused } from './sign-on-refused.ts';

/** Of the specification, section 2.8: in the form of OAuth's errors. */
const refusals = {
  unusable: 'The logout token is not one of this provider for Mailroom, is too old, or names neither sid nor sub.',
  repeated: 'The logout token was carried out before.',
} as const;

/** Sign-out by the provider: OpenID Connect Back-Channel Logout 1.0. Within the scope that reads forms. */
export function backChannelRoutes(
  { db }: ApiDependencies,
  getProvider: () => SignOnProvider,
  limits: AttemptLimits,
): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/auth/back-channel-logout',
      {
        config: { permission: 'public', problems: ['not-found'] },
        schema: {
          tags: ['Signing in'],
          summary: 'Sign out by the identity provider',
          description:
            'For the identity provider: OpenID Connect Back-Channel Logout 1.0. Ends the sessions that the logout token ' +
            'names. Register this address as the back-channel logout URI.',
          consumes: ['application/x-www-form-urlencoded'],
          body: z.looseObject({ logout_token: z.string().min(1).max(20_000) }),
          response: {
            200: z.undefined().describe('Signed out, or was not signed in.'),
            400: {
              description: 'The logout token is refused.',
              content: {
                'application/json': { schema: z.object({ error: z.string(), error_description: z.string() }) },
              },
            },
          },
        },
      },
      async (request, reply) => {
        const refuse = async (reason: keyof typeof refusals) => {
          request.log.info({ reference: request.id, reason }, 'back-channel-logout.refused');
          await limits.count('failed-way-back', request);
          return reply.code(400).send({ error: 'invalid_request', error_description: refusals[reason] });
        };
        try {
          const logout = await getProvider().readLogoutToken(request.body.logout_token);
          const ended = await endSessionsAtProvider(db, logout);
          if (ended === 'repeated') return await refuse('repeated');
          request.log.info({ sessions: ended }, 'back-channel-logout.carried-out');
          return reply.code(200).send();
        } catch (error) {
          if (error instanceof SignOnRefused) return await refuse('unusable');
          throw error;
        }
      },
    );
  };
}
