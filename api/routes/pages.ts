import { readFileSync } from 'node:fs';
import formbody from '@fastify/formbody';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { principalOf } from '../access.ts';
import { startSignInAgain } from '../account-commands.ts';
import type { Authentication } from '../authentication.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { STYLE_SHEET_PATH, sendPage } from '../pages/page.ts';
import { startPage } from '../pages/start-page.ts';
import { IdParams } from '../schemas/values.ts';

/** Where the button "Start again" of a result page leads. */
export function startAgainPath(accountId: string): string {
  return `/email/accounts/${accountId}/sign-in`;
}

/** The few pages that the API serves itself. */
export function pageRoutes(dependencies: ApiDependencies, authentication: Authentication): FastifyPluginAsyncZod {
  const { config, cloud, webPages } = dependencies;
  const styleSheet = readFileSync(new URL('../pages/mailroom.css', import.meta.url));

  return async (app) => {
    await app.register(formbody);

    // Where the pages of web/ are built, they start at this address.
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
        const { url } = await startSignInAgain(dependencies, principalOf(request).actor, request.params.id);
        return reply.redirect(url, 303);
      },
    );

    // Browsers hold the redirect that answers a form to form-action, too.
    app.addHook('onSend', async (_request, reply) => {
      const policy = reply.getHeader('content-security-policy');
      if (typeof policy !== 'string') return;
      reply.header(
        'content-security-policy',
        policy.replace("form-action 'self'", `form-action 'self' ${cloud.loginUrl}`),
      );
    });
  };
}
