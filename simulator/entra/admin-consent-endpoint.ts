import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ResponseTarget, returnControl, sendResponse } from './authorization-response.ts';
import type { App } from './create-apps.ts';
import type { EntraContext } from './entra-context.ts';
import type { DirectoryTenant } from './entra-directory.ts';
import { EntraError, type ErrorTrace, errorDescription } from './entra-error.ts';
import { formOf, type Parameters, parseParameters, queryOf } from './form-parameters.ts';
import { matchesRedirectUri } from './match-redirect-uri.ts';
import { permissionList } from './pages/consent-page.ts';
import { errorPage } from './pages/error-page.ts';
import { hiddenFields, html } from './pages/html.ts';
import { type Page, sendPage } from './pages/send-page.ts';
import { effectivePermissions, OPENID_SCOPES, parseScope } from './parse-scope.ts';
import { originOf, sendTrace, traceOf } from './request-facts.ts';
import { getApp, resolveTenant } from './resolve-tenant.ts';
import { askSecondFactor, findOrCreate, type SignInWish, signIn } from './sign-in.ts';
import { readSignInMode } from './sign-in-mode.ts';

type ConsentRoute = { Params: { tenant: string } };

/** The consent that an administrator is asked for, on behalf of the whole tenant. */
interface Offer {
  readonly app: App;
  /** Undefined on `organizations`: the tenant of the user who signs in. */
  readonly tenant: DirectoryTenant | undefined;
  readonly target: ResponseTarget;
  readonly delegated: readonly string[];
  readonly application: readonly string[];
  /** Returned to the app unchanged. */
  readonly scope: string;
}

/**
 * `/{tenant}/v2.0/adminconsent`, and `/{tenant}/adminconsent` of v1, which covers everything that the app registered.
 * Answers at the redirect URI with `admin_consent=True`, also in failure, as documented (v2-admin-consent).
 */
export function registerAdminConsentEndpoint(server: FastifyInstance, context: EntraContext): void {
  for (const url of ['/:tenant/v2.0/adminconsent', '/:tenant/adminconsent']) {
    server.route<ConsentRoute>({
      method: ['GET', 'POST'],
      url,
      handler: (request, reply) => adminConsent(context, request, reply),
    });
  }
}

function adminConsent(context: EntraContext, request: FastifyRequest<ConsentRoute>, reply: FastifyReply): FastifyReply {
  let trace = traceOf(request);
  let offer: Offer | undefined;
  try {
    const parameters = parseParameters(queryOf(request.url));
    trace = traceOf(request, parameters);
    sendTrace(reply, trace);
    offer = readOffer(context, request.params.tenant, parameters, originOf(request));
    return decide(context, request, reply, offer, trace);
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    if (!offer) return sendPage(reply, errorPage(error, trace));
    return sendResponse(reply, offer.target, failureFields(offer, error, trace));
  }
}

function readOffer(context: EntraContext, segment: string, parameters: Parameters, origin: string): Offer {
  const tenant = resolveTenant(context.directory, segment);
  if (!parameters.client_id) throw new EntraError(900144, { name: 'client_id' });
  const app = getApp(context.apps.find, parameters.client_id, tenant?.displayName ?? segment);
  if (!app.multiTenant && tenant && tenant.tenantId !== app.tenantId) {
    throw new EntraError(700016, { clientId: app.clientId, tenant: tenant.displayName });
  }
  const redirectUri = parameters.redirect_uri ?? app.redirectUris[0];
  if (redirectUri === undefined) throw new EntraError(900144, { name: 'redirect_uri' });
  if (!matchesRedirectUri(app.redirectUris, redirectUri)) {
    throw new EntraError(50011, { redirectUri, clientId: app.clientId });
  }
  const scope = parameters.scope ?? 'https://graph.microsoft.com/.default';
  const words = { app: app.displayName, tenant: tenant?.displayName ?? segment };
  const requested = parseScope(scope, origin, words);
  return {
    app,
    tenant,
    target: { redirectUri, responseMode: 'query', state: parameters.state },
    // Consent for the whole tenant includes the sign-in itself: otherwise each user would still be asked.
    delegated: [...new Set([...OPENID_SCOPES, ...effectivePermissions(requested, app.delegatedPermissions)])],
    application: requested.everythingRegistered ? app.applicationPermissions : [],
    scope,
  };
}

function decide(
  context: EntraContext,
  request: FastifyRequest<ConsentRoute>,
  reply: FastifyReply,
  offer: Offer,
  trace: ErrorTrace,
): FastifyReply {
  const mode = readSignInMode(context.database);
  if (mode.mode === 'deny' || mode.mode === 'admin-approval') throw declined();
  if (mode.mode === 'auto') {
    const user = mode.as === undefined ? undefined : findOrCreate(context, mode.as);
    return give(context, reply, offer, offer.tenant?.tenantId ?? user?.tenantId ?? offer.app.tenantId);
  }
  const wish: SignInWish = {
    place: { action: request.url, appName: offer.app.displayName, leadsTo: offer.target.redirectUri },
    tenant: offer.tenant,
  };
  const step = formOf(request);
  const outcome = signIn(context, { request, reply, step }, wish);
  if ('page' in outcome) return sendPage(reply, outcome.page);
  const { user, mfa } = outcome.account;
  if (user.mfaRequired && !mfa) return sendPage(reply, askSecondFactor(context, wish, user));
  if (!user.administrator) {
    const tenant = context.directory.findTenant(user.tenantId)?.displayName ?? user.tenantId;
    const refusal = new EntraError(90094, { tenant, app: offer.app.displayName });
    const wayBack = returnControl(offer.target, failureFields(offer, refusal, trace));
    return sendPage(reply, errorPage(refusal, trace, wayBack, offer.target.redirectUri));
  }
  if (step.step !== 'consent') return sendPage(reply, offerPage(offer, wish, user.oid, user.userPrincipalName));
  if (step.decision !== 'approve') throw declined();
  return give(context, reply, offer, user.tenantId);
}

function declined(): EntraError {
  return new EntraError(65004, {}, { subcode: 'cancel' });
}

function give(context: EntraContext, reply: FastifyReply, offer: Offer, tenantId: string): FastifyReply {
  const { delegated, application } = offer;
  context.consents.giveForTenant(offer.app.clientId, tenantId, { delegated, application });
  return sendResponse(reply, offer.target, { admin_consent: 'True', tenant: tenantId, scope: offer.scope });
}

function failureFields(offer: Offer, error: EntraError, trace: ErrorTrace): Record<string, string> {
  return {
    error: error.error,
    ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
    error_description: errorDescription(error, trace),
    admin_consent: 'True',
    ...(offer.tenant ? { tenant: offer.tenant.tenantId } : {}),
  };
}

function offerPage({ app, delegated, application }: Offer, { place }: SignInWish, oid: string, name: string): Page {
  return {
    title: 'Permissions requested',
    leadsTo: place.leadsTo,
    content: html`<p class="identity">${name}</p>
<h1>Permissions requested</h1>
<p>Review for your organization. <strong>${app.displayName}</strong> would like to, for every user:</p>
${permissionList(delegated)}
${application.length > 0 && html`<h2>Without a signed-in user</h2><ul>${application.map((role) => html`<li><code>${role}</code></li>`)}</ul>`}
<p><small>If you approve, this app gets access to these resources for all users in your organization. No one else will be asked.</small></p>
<form method="post" action="${place.action}">
${hiddenFields({ step: 'consent', oid })}
<div class="buttons">
<button name="decision" value="cancel">Cancel</button>
<button class="primary" name="decision" value="approve">Approve</button>
</div>
</form>`,
  };
}
