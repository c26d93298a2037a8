import { EntraError } from './entra-error.ts';
import type { Grant } from './grant.ts';
import { OPENID_SCOPES, parseScope } from './parse-scope.ts';

/**
 * `grant_type=client_credentials`: an app without a user, with the application permissions that an administrator gave
 * it. As with Microsoft, an app without permissions still gets a token; Graph then refuses its requests. Throws
 * AADSTS50059 on `common`, and 1002012 unless the scope is Graph's `.default`.
 */
export const grantForClientCredentials: Grant = async (context, { app, tenant, form, origin, strike }) => {
  if (!tenant) throw new EntraError(50059);
  await strike(undefined);
  if (!form.scope) throw new EntraError(900144, { name: 'scope' });
  const requested = parseScope(form.scope, origin, { app: app.displayName, tenant: tenant.displayName });
  // MSAL for Go and Java also send the scopes of OpenID Connect, which have no meaning here.
  const others = requested.asked.filter((scope) => !OPENID_SCOPES.some((known) => known === scope.toLowerCase()));
  if (!requested.everythingRegistered || others.length > 1) {
    throw new EntraError(1002012, { scope: form.scope });
  }
  const { token, lifetimeSeconds } = await context.accessTokens.issueAppOnly({
    tenantId: tenant.tenantId,
    servicePrincipalId: app.servicePrincipalId,
    clientId: app.clientId,
    appName: app.displayName,
    roles: context.consents.application(app.clientId, tenant.tenantId),
  });
  return { token_type: 'Bearer', expires_in: lifetimeSeconds, ext_expires_in: lifetimeSeconds, access_token: token };
};
