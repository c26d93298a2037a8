import { checkAccess, checkNotRevoked } from './check-access.ts';
import { EntraError } from './entra-error.ts';
import type { Grant } from './grant.ts';
import { issueTokens } from './issue-tokens.ts';
import { requestedCapabilities } from './requested-capabilities.ts';

/**
 * `grant_type=refresh_token`. A refresh token belongs to a user and an app, not to a scope: it gives tokens for
 * everything that has consent. Throws AADSTS900144, 9002313, 70000, 700082, 50034, 50057, 50173, 65001, 70043, 50076,
 * 53003 and 50105.
 */
export const grantForRefreshToken: Grant = async (context, { app, form, origin, strike }) => {
  if (!form.refresh_token) throw new EntraError(900144, { name: 'refresh_token' });
  const grant = context.refreshTokens.read(form.refresh_token);
  const user = context.directory.findUser(grant.oid);
  await strike(user?.address);
  if (grant.clientId !== app.clientId) throw new EntraError(70000);
  if (!user) {
    const tenant = context.directory.findTenant(grant.tenantId)?.displayName ?? grant.tenantId;
    throw new EntraError(50034, { tenant });
  }
  checkAccess(context, app, user, { mfa: grant.mfa, place: 'token' });
  checkNotRevoked(app, user, grant);
  const body = await issueTokens(context, {
    app,
    user,
    origin,
    scope: form.scope || grant.scope,
    sessionId: grant.sessionId,
    mfa: grant.mfa,
    capabilities: form.claims === undefined ? grant.capabilities : requestedCapabilities(form.claims),
    claims: form.claims,
    withClientInfo: form.client_info === '1',
  });
  context.refreshTokens.supersede(form.refresh_token);
  return body;
};
