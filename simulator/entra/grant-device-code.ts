import { checkAccess, checkNotRevoked } from './check-access.ts';
import { EntraError } from './entra-error.ts';
import type { Grant } from './grant.ts';
import { issueTokens } from './issue-tokens.ts';
import { requestedCapabilities } from './requested-capabilities.ts';

/** `grant_type=urn:ietf:params:oauth:grant-type:device_code` (RFC 8628): polled until a person has answered. */
export const grantForDeviceCode: Grant = async (context, { app, form, origin, strike }) => {
  if (!form.device_code) throw new EntraError(900144, { name: 'device_code' });
  await strike(undefined);
  const grant = context.deviceCodes.redeem(form.device_code, app.clientId);
  const user = context.directory.findUser(grant.oid);
  if (!user) throw new EntraError(50034, { tenant: grant.tenantId });
  checkNotRevoked(app, user, { generation: grant.generation, issuedAt: Date.now() });
  checkAccess(context, app, user, { mfa: grant.mfa, place: 'token' });
  return issueTokens(context, {
    app,
    user,
    origin,
    scope: grant.scope,
    sessionId: grant.sessionId,
    mfa: grant.mfa,
    capabilities: requestedCapabilities(form.claims),
    claims: form.claims,
    withClientInfo: form.client_info === '1',
  });
};
