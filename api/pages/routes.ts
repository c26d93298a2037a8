import { readFileSync } from 'node:fs';
import formbody from '@fastify/formbody';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { principalOf } from '../access/access.ts';
import type { Authentication } from '../access/authentication.ts';
import { startSignInAgain } from '../accounts/account-commands.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Cookies } from '../http/cookies.ts';
import { IdParams } from '../http/values.ts';
import { signInLinks } from '../sign-in/sign-in-link.ts';
import { STYLE_SHEET_PATH, sendPage } from './page.ts';
import { toMicrosoftPage } from './sign-in-result-page.ts';
import { startPage } from './start-page.ts';

/** The target of the button "Start again" of a result page. */
export function startAgainPath(accountId: string): string {
  return `/email/accounts/${accountId}/sign-in`;
}

/** The few pages that the API renders itself. */
export function pageRoutes(
  dependencies: ApiDependencies,
  authentication: Authentication,
  cookies: Cookies,
): FastifyPluginAsyncZod {
  const { config, webPages } = dependencies;
  const { leadToMicrosoft } = signInLinks(dependencies, cookies);
  const styleSheet = readFileSync(new URL('./mailroom.css', import.meta.url));

  return async (app) => {
    await app.register(formbody);

    // The built pages of web/ take over this address.
    const path = webPages === undefined ? '/' : '/pages/start';
    app.get(
      path,
      { config: { permission: 'public', isPage: true }, schema: { hide: true } },
      async (request, reply) => {
        const who = await authentication.authenticateBySession(request);
        const { publicUrl } = config.api;
        const view = { who, publicUrl, temporalUiUrl: config.temporal.uiUrl, canSignIn: !!config.oidc };
        return sendPage(request, reply, 200, (words) => startPage(words, view));
      },
    );

    app.get(STYLE_SHEET_PATH, { config: { permission: 'public' }, schema: { hide: true } }, async (_request, reply) =>
      reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=300').send(styleSheet),
    );

    app.post(
      startAgainPath(':id'),
      { config: { permission: 'accounts.change', isPage: true }, schema: { hide: true, params: IdParams } },
      async (request, reply) => {
        const { token } = await startSignInAgain(dependencies, principalOf(request).actor, request.params.id);
        const url = await leadToMicrosoft(request, reply, token);
        // Not a redirect: browsers apply form-action to every redirect after a form, and Microsoft redirects to any
        // organisation.
        return sendPage(request, reply, 200, (words) => toMicrosoftPage(words, url));
      },
    );
  };
}
