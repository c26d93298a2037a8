import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findSessionUser } from '../../database/people/sessions.ts';
import { findSignOnSettings, type SignOnSettings } from '../../database/people/sign-on-settings.ts';
import { PROOF_MINUTES } from '../../domain/step-up.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Cookies } from '../http/cookies.ts';
import { tokenHash } from '../http/random-token.ts';
import { sendPage } from '../pages/page.ts';
import { steppedUpPage } from '../pages/sign-on-pages.ts';
import { type BeginSignOn, redirectToProvider } from './begin-sign-on.ts';
import type { FinishedSignOn } from './provider.ts';

/** Where a browser ends that has confirmed who its person is. */
export const STEPPED_UP_PATH = '/auth/stepped-up';

/** Confirming who one is, for changes that ask for a recent sign-in (decision 64). */
export function stepUpRoutes(
  { db }: Pick<ApiDependencies, 'db'>,
  cookies: Cookies,
  begin: BeginSignOn,
): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/auth/step-up',
      {
        config: { permission: 'public', isPage: true, problems: ['not-found'] },
        schema: {
          tags: ['Signing in'],
          summary: 'Confirm who you are',
          description:
            'For browsers: the identity provider asks again, for a change that answers 403 `recent-sign-in-needed`. The ' +
            'same person has to sign in; the session is replaced by a recent one.',
          querystring: z.object({
            acr: z.string().max(200).optional().meta({ description: 'How, where that is not what is set.' }),
          }),
          response: { 303: redirectToProvider },
        },
      },
      async (request, reply) => {
        const token = cookies.read(request, 'session');
        const user = token === undefined ? undefined : await findSessionUser(db, tokenHash(token));
        if (!user) return await begin(request, reply, {});
        const { stepUpMinutes, stepUpAcr } = await findSignOnSettings(db);
        const stepUp = {
          maxAgeSeconds: (stepUpMinutes ?? PROOF_MINUTES) * 60,
          acr: request.query.acr ?? stepUpAcr ?? undefined,
        };
        return await begin(request, reply, { loginHint: user.email, again: { userId: user.userId, stepUp } });
      },
    );

    app.get(
      STEPPED_UP_PATH,
      {
        config: { permission: 'public', isPage: true },
        schema: { hide: true },
      },
      async (request, reply) => sendPage(request, reply, 200, steppedUpPage),
    );
  };
}

/** Between the provider's clock and ours. */
const CLOCK_TOLERANCE_SECONDS = 60;

/** Whether the provider has asked again: some answer from their own session all the same. */
export function isRecentSignIn(
  { authenticatedAt, acr }: FinishedSignOn,
  { stepUpMinutes, stepUpAcr }: Pick<SignOnSettings, 'stepUpMinutes' | 'stepUpAcr'>,
): boolean {
  if (authenticatedAt === undefined || (stepUpAcr !== null && acr !== stepUpAcr)) return false;
  const oldestSeconds = (stepUpMinutes ?? PROOF_MINUTES) * 60 + CLOCK_TOLERANCE_SECONDS;
  return Date.now() - authenticatedAt.getTime() <= oldestSeconds * 1_000;
}
