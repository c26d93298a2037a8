import formbody from '@fastify/formbody';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ReturnedSignIn } from '../../database/sign-in/sign-in-returns.ts';
import { isFailure } from '../../domain/failure.ts';
import { mayDo } from '../../domain/security-profile.ts';
import type { AttemptLimits } from '../access/attempt-limits.ts';
import type { Authentication } from '../access/authentication.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Cookies } from '../http/cookies.ts';
import { refuseCrossSite } from '../http/cross-site.ts';
import { connectPage } from '../pages/connect-page.ts';
import { sendPage } from '../pages/page.ts';
import { startAgainPath } from '../pages/routes.ts';
import { mishapPage, mishapStatus, type SignInMishap, toMicrosoftPage } from '../pages/sign-in-result-page.ts';
import { CONNECT_PATH, signInLinks } from './sign-in-link.ts';

/**
 * The page that a sign-in link opens, for people without a session as well. Opening it changes nothing, as often as
 * scanners of mail and browsers do so; *Connect* binds the attempt to the browser and leads to Microsoft.
 */
export function connectRoutes(
  dependencies: ApiDependencies,
  authentication: Authentication,
  { cookies, limits }: { readonly cookies: Cookies; readonly limits: AttemptLimits },
): FastifyPluginAsyncZod {
  const { findLink, leadToMicrosoft } = signInLinks(dependencies, cookies);
  const { publicUrl } = dependencies.config.api;
  const route = {
    config: { permission: 'public', isPage: true },
    schema: { hide: true, querystring: z.looseObject({ link: z.string().max(100).optional() }).catch({}) },
  } as const;

  async function refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    mishap: SignInMishap,
    signIn?: ReturnedSignIn,
  ): Promise<FastifyReply> {
    await limits.count('failed-way-back', request);
    const who = await authentication.authenticateBySession(request);
    const mayGoBack = who !== undefined && mayDo(who.profile, 'accounts.change');
    const again = mayGoBack && signIn !== undefined ? startAgainPath(signIn.accountId) : undefined;
    return sendPage(request, reply, mishapStatus(mishap), (words) =>
      mishapPage(words, mishap, { entered: signIn, startAgainPath: again, mayGoBack }),
    );
  }

  return async (app) => {
    await app.register(formbody);

    app.get(CONNECT_PATH, route, async (request, reply) => {
      const { link: token = '' } = request.query;
      const link = await findLink(token);
      if (link.outcome !== 'open') {
        return await refuse(request, reply, link.outcome, 'signIn' in link ? link.signIn : undefined);
      }
      const action = `${CONNECT_PATH}?link=${token}`;
      return sendPage(request, reply, 200, (words) => connectPage(words, { ...link.signIn, action }));
    });

    app.post(CONNECT_PATH, route, async (request, reply) => {
      refuseCrossSite(
        request,
        publicUrl,
        'A mailbox is connected only by the button on its own page. Open the link again.',
      );
      const { link: token = '' } = request.query;
      const link = await findLink(token);
      if (link.outcome !== 'open') {
        return await refuse(request, reply, link.outcome, 'signIn' in link ? link.signIn : undefined);
      }
      try {
        const url = await leadToMicrosoft(request, reply, token);
        return sendPage(request, reply, 200, (words) => toMicrosoftPage(words, url));
      } catch (error) {
        if (!isFailure(error)) throw error;
        return await refuse(request, reply, error, link.signIn);
      }
    });
  };
}
