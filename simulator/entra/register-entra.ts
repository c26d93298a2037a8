import { readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Faults } from '../faults.ts';
import type { Stats } from '../stats.ts';
import type { AccessTokenIssuer } from './access-tokens.ts';
import { registerAdminConsentEndpoint } from './admin-consent-endpoint.ts';
import { createAuthorizationCodes } from './authorization-codes.ts';
import { registerAuthorizeEndpoint } from './authorize-endpoint.ts';
import { registerControlApps } from './control/control-apps.ts';
import { ControlError, sendControlError } from './control/control-reply.ts';
import { registerControlSignIn } from './control/control-sign-in.ts';
import { registerControlTenants } from './control/control-tenants.ts';
import { registerControlTokens } from './control/control-tokens.ts';
import { registerControlUsers } from './control/control-users.ts';
import { createApps } from './create-apps.ts';
import { createConsents } from './create-consents.ts';
import { createDeviceCodes } from './device-codes.ts';
import { registerDeviceEndpoints } from './device-endpoints.ts';
import { registerDiscoveryDocuments } from './discovery-documents.ts';
import type { EntraContext } from './entra-context.ts';
import { type EntraDirectory, NameTaken } from './entra-directory.ts';
import { EntraError, errorBody } from './entra-error.ts';
import { registerExplainError } from './explain-error.ts';
import { parseParameters } from './form-parameters.ts';
import { registerLogoutEndpoint } from './logout-endpoint.ts';
import { registerMyApps } from './my-apps.ts';
import { registerMyAppsAdmin } from './my-apps-admin.ts';
import { STYLESHEET_PATH } from './pages/send-page.ts';
import { createRefreshTokens } from './refresh-tokens.ts';
import { originOf, traceOf } from './request-facts.ts';
import { createSessions } from './sessions.ts';
import { registerTokenEndpoint } from './token-endpoint.ts';
import { registerUserinfo } from './userinfo.ts';

export interface EntraOptions {
  readonly database: DatabaseSync;
  readonly directory: EntraDirectory;
  readonly accessTokens: AccessTokenIssuer;
  readonly faults: Faults;
  readonly stats: Stats;
}

/**
 * Adds the simulated Entra to a server: sign-in and token endpoints, discovery, the dashboard of apps, and the control
 * routes of users, apps, tenants and tokens. Its registrations stay within its own scope of the server; it counts its
 * own requests.
 */
export async function registerEntra(app: FastifyInstance, options: EntraOptions): Promise<void> {
  const { database, directory } = options;
  const context: EntraContext = {
    ...options,
    apps: createApps(database),
    consents: createConsents(database),
    sessions: createSessions(database, directory),
    codes: createAuthorizationCodes(database),
    deviceCodes: createDeviceCodes(database),
    refreshTokens: createRefreshTokens(database),
  };
  // Created at the start, not during the first sign-in: generating a key takes noticeable time.
  await context.accessTokens.keys.current();
  const stylesheet = readFileSync(new URL('./pages/entra.css', import.meta.url), 'utf8');

  await app.register(async (entra) => {
    acceptForms(entra);
    countRequests(entra, context.stats);
    entra.setErrorHandler((error, request, reply) => {
      if (error instanceof ControlError) return sendControlError(reply, error);
      if (error instanceof NameTaken) return sendControlError(reply, new ControlError(409, 'NameTaken', error.message));
      if (error instanceof EntraError) {
        return reply.code(error.status).send(errorBody(error, traceOf(request), originOf(request)));
      }
      throw error;
    });
    entra.get(STYLESHEET_PATH, (_, reply) =>
      reply.type('text/css; charset=utf-8').header('cache-control', 'max-age=3600').send(stylesheet),
    );
    registerAuthorizeEndpoint(entra, context);
    registerTokenEndpoint(entra, context);
    registerDeviceEndpoints(entra, context);
    registerLogoutEndpoint(entra, context);
    registerDiscoveryDocuments(entra, context);
    registerUserinfo(entra, context);
    registerExplainError(entra);
    registerAdminConsentEndpoint(entra, context);
    registerMyApps(entra, context);
    registerMyAppsAdmin(entra, context);
    registerControlSignIn(entra, context);
    registerControlApps(entra, context);
    registerControlUsers(entra, context);
    registerControlTenants(entra, context);
    registerControlTokens(entra, context);
  });
}

/** Counts the clients' requests, by route and without the tenant; control routes are not counted. */
function countRequests(app: FastifyInstance, stats: Stats): void {
  const endpointOf = (request: FastifyRequest): string | undefined => {
    const route = request.routeOptions.url ?? '';
    return route.startsWith('/control/') ? undefined : `${request.method} ${route.replace(/^\/:tenant/, '')}`;
  };
  app.addHook('onRequest', async (request) => {
    const endpoint = endpointOf(request);
    if (endpoint !== undefined) stats.countRequest(endpoint);
  });
  // Before the answer is sent, so that the client finds it counted.
  app.addHook('onSend', async (request, reply) => {
    if (endpointOf(request) !== undefined) stats.countStatus(reply.statusCode);
  });
}

/** Largest form that is accepted: an authorize request with all of MSAL's parameters is far smaller. */
const FORM_LIMIT_BYTES = 64 * 1024;

function acceptForms(app: FastifyInstance): void {
  const formType = 'application/x-www-form-urlencoded';
  if (app.hasContentTypeParser(formType)) app.removeContentTypeParser(formType);
  app.addContentTypeParser(formType, { parseAs: 'string', bodyLimit: FORM_LIMIT_BYTES }, (_, body, done) => {
    try {
      done(null, parseParameters(String(body)));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
