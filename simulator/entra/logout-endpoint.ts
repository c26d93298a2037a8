import type { FastifyInstance } from 'fastify';
import type { EntraContext } from './entra-context.ts';
import { formOf, parseParameters, queryOf } from './form-parameters.ts';
import { matchesRedirectUri } from './match-redirect-uri.ts';
import { html } from './pages/html.ts';
import { sendPage } from './pages/send-page.ts';
import { clearSessionCookie, readSessionCookie } from './session-cookie.ts';

/**
 * `GET` and `POST /{tenant}/oauth2/v2.0/logout`: ends the browser's session, with all its accounts. Redirects to
 * `post_logout_redirect_uri` if it is a redirect URI of an app.
 */
export function registerLogoutEndpoint(app: FastifyInstance, { apps, sessions }: EntraContext): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/:tenant/oauth2/v2.0/logout',
    handler(request, reply) {
      const parameters = { ...parseParameters(queryOf(request.url)), ...formOf(request) };
      const cookie = readSessionCookie(request);
      if (cookie !== undefined) sessions.signOut(cookie);
      clearSessionCookie(reply);
      const next = parameters.post_logout_redirect_uri;
      if (
        next !== undefined &&
        matchesRedirectUri(
          apps.list().flatMap(({ redirectUris }) => redirectUris),
          next,
        )
      ) {
        const address = new URL(next);
        if (parameters.state !== undefined) address.searchParams.set('state', parameters.state);
        return reply.header('cache-control', 'no-store').redirect(address.href, 302);
      }
      return sendPage(reply, {
        title: 'Sign out',
        content: html`<h1>You signed out of your account</h1><p>It's a good idea to close all browser windows.</p>`,
      });
    },
  });
}
