import { createHash } from 'node:crypto';
import type { AuthorizationGrant } from './authorization-codes.ts';
import { checkAccess, checkNotRevoked } from './check-access.ts';
import { EntraError } from './entra-error.ts';
import type { Grant } from './grant.ts';
import { issueTokens } from './issue-tokens.ts';
import { requestedCapabilities } from './requested-capabilities.ts';

/**
 * `grant_type=authorization_code`. Throws AADSTS900144, 9002313, 70000, 54005, 70008, 700005, 500112 and 501481. A code
 * is redeemed only if everything else about the request is right.
 */
export const grantForAuthorizationCode: Grant = async (context, { app, tenant, form, origin, strike }) => {
  if (!form.code) throw new EntraError(900144, { name: 'code' });
  const code = context.codes.read(form.code);
  const user = context.directory.findUser(code.oid);
  await strike(user?.address);
  if (code.clientId !== app.clientId) throw new EntraError(70000);
  if (tenant && tenant.tenantId !== code.tenantId) throw new EntraError(700005);
  if (form.redirect_uri === undefined) throw new EntraError(900144, { name: 'redirect_uri' });
  if (form.redirect_uri !== code.redirectUri) {
    throw new EntraError(500112, { redirectUri: form.redirect_uri, expected: code.redirectUri });
  }
  checkCodeVerifier(code, form.code_verifier);
  if (!user) throw new EntraError(50034, { tenant: code.tenantId });
  checkNotRevoked(app, user, { generation: code.generation, issuedAt: Date.now() });
  checkAccess(context, app, user, { mfa: code.mfa, place: 'token' });
  context.codes.redeem(form.code);
  return issueTokens(context, {
    app,
    user,
    origin,
    scope: form.scope || code.scope,
    sessionId: code.sessionId,
    mfa: code.mfa,
    authenticatedAt: code.authenticatedAt,
    capabilities: requestedCapabilities(form.claims ?? code.claims),
    nonce: code.nonce,
    claims: form.claims ?? code.claims,
    withClientInfo: form.client_info === '1',
  });
};

/** RFC 7636 section 4.6. A verifier without a challenge is refused as well: it is a sign of a mixed-up request. */
function checkCodeVerifier(code: AuthorizationGrant, verifier: string | undefined): void {
  if (code.codeChallenge === undefined && verifier === undefined) return;
  const plain = code.codeChallengeMethod !== 'S256';
  const proof = plain
    ? verifier
    : createHash('sha256')
        .update(verifier ?? '')
        .digest('base64url');
  if (verifier === undefined || proof !== code.codeChallenge) throw new EntraError(501481);
}
