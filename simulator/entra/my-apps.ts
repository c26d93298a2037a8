import type { FastifyInstance } from 'fastify';
import type { App } from './create-apps.ts';
import type { EntraContext } from './entra-context.ts';
import { EntraError } from './entra-error.ts';
import { formOf } from './form-parameters.ts';
import { errorPage } from './pages/error-page.ts';
import { type Html, html } from './pages/html.ts';
import { sendPage } from './pages/send-page.ts';
import { originOf, traceOf } from './request-facts.ts';
import { readSessionCookie } from './session-cookie.ts';
import type { SessionAccount } from './sessions.ts';
import { askSecondFactor, type SignInWish, signIn } from './sign-in.ts';

export const MY_APPS_PATH = '/myapps';
const SIGN_IN_PATH = `${MY_APPS_PATH}/sign-in`;

const WISH: SignInWish = {
  place: { action: SIGN_IN_PATH, appName: 'My Apps' },
  tenant: undefined,
  prompt: 'select_account',
};

/** The dashboard: apps that the user is assigned to or has consented to; a tile starts a sign-in to the app. */
export function registerMyApps(server: FastifyInstance, context: EntraContext): void {
  const { apps, consents, sessions, directory } = context;

  server.get(MY_APPS_PATH, (request, reply) => {
    const account = sessions.accounts(readSessionCookie(request))[0];
    if (!account) return sendPage(reply, { title: 'My Apps', content: signedOutContent() });
    const known = consents.appsOfUser(account.user.oid).flatMap((clientId) => apps.find(clientId) ?? []);
    const usable = known.filter((app) => app.enabled && mayStart(app, account));
    const organisation = directory.findTenant(account.user.tenantId)?.displayName ?? '';
    return sendPage(reply, { title: 'My Apps', wide: true, content: dashboard(account, organisation, usable) });
  });

  server.route({
    method: ['GET', 'POST'],
    url: SIGN_IN_PATH,
    handler(request, reply) {
      const outcome = signIn(context, { request, reply, step: formOf(request) }, WISH);
      if ('page' in outcome) return sendPage(reply, outcome.page);
      const { user, mfa } = outcome.account;
      if (user.mfaRequired && !mfa) return sendPage(reply, askSecondFactor(context, WISH, user));
      const cookie = readSessionCookie(request);
      if (cookie !== undefined) sessions.use(cookie, user.oid);
      return reply.redirect(MY_APPS_PATH, 303);
    },
  });

  // Third-party initiated login (OpenID Connect Core section 4): the app gets the user and the issuer.
  server.get<{ Params: { clientId: string } }>(`${MY_APPS_PATH}/start/:clientId`, (request, reply) => {
    const account = sessions.accounts(readSessionCookie(request))[0];
    if (!account) return reply.redirect(SIGN_IN_PATH, 303);
    const app = apps.find(request.params.clientId);
    const { user } = account;
    if (!app?.initiateLoginUri) {
      const tenant = directory.findTenant(user.tenantId)?.displayName ?? user.tenantId;
      const error = new EntraError(700016, { clientId: request.params.clientId, tenant });
      return sendPage(reply, errorPage(error, traceOf(request)));
    }
    if (app.assignmentRequired && !consents.isAssigned(app.clientId, user.oid)) {
      const words = { clientId: app.clientId, app: app.displayName, user: user.userPrincipalName };
      return sendPage(reply, errorPage(new EntraError(50105, words), traceOf(request)));
    }
    const address = new URL(app.initiateLoginUri);
    address.searchParams.set('iss', `${originOf(request)}/${user.tenantId}/v2.0`);
    address.searchParams.set('login_hint', user.userPrincipalName);
    address.searchParams.set('target_link_uri', new URL('/', app.initiateLoginUri).href);
    return reply.header('cache-control', 'no-store').redirect(address.href, 302);
  });

  const mayStart = (app: App, { user }: SessionAccount): boolean =>
    !app.assignmentRequired || consents.isAssigned(app.clientId, user.oid);
}

function signedOutContent(): Html {
  return html`<h1>My Apps</h1>
<p>The apps that your organization has given you.</p>
<div class="buttons"><a class="button primary" href="${SIGN_IN_PATH}">Sign in</a></div>`;
}

function dashboard({ user }: SessionAccount, organisation: string, apps: readonly App[]): Html {
  return html`<p class="identity">${user.displayName} · ${user.userPrincipalName} · ${organisation}</p>
<h1>My Apps</h1>
${apps.length === 0 && html`<p>No app has been given to you yet. An administrator of ${organisation} can assign one.</p>`}
<ul class="tiles">${apps.map(tile)}</ul>
<div class="buttons">
${user.administrator && html`<a class="button" href="${MY_APPS_PATH}/admin">Manage apps</a>`}
<a class="button" href="${SIGN_IN_PATH}">Switch account</a>
<a class="button" href="/common/oauth2/v2.0/logout">Sign out</a>
</div>`;
}

function tile(app: App): Html {
  if (!app.initiateLoginUri) {
    return html`<li><div class="tile"><strong>${app.displayName}</strong><small>Has no page to start at</small></div></li>`;
  }
  return html`<li><a class="tile" href="${MY_APPS_PATH}/start/${app.clientId}"><strong>${app.displayName}</strong><small>${new URL(app.initiateLoginUri).host}</small></a></li>`;
}
