import type { App } from './create-apps.ts';
import type { EntraContext } from './entra-context.ts';
import type { DirectoryAccount } from './entra-directory.ts';
import { EntraError, entraTimestamp } from './entra-error.ts';

/** The claims challenge of AADSTS50076, which the client passes to authorize. */
const MFA_CLAIMS = JSON.stringify({ access_token: { capolids: { essential: true, values: ['multi-factor'] } } });

/**
 * Checks that this user may use this app now, regardless of consent. Throws AADSTS50057, 50020, 53003, 50076 and 50105.
 * Only a page can ask for a missing second factor; the token endpoint, which has no access_denied, answers
 * invalid_grant or interaction_required instead.
 */
export function checkAccess(
  { consents, directory }: EntraContext,
  app: App,
  user: DirectoryAccount,
  state: { readonly mfa: boolean; readonly place: 'page' | 'redirect' | 'token' },
): void {
  const words = { clientId: app.clientId, app: app.displayName, user: user.userPrincipalName };
  if (!user.enabled) throw new EntraError(50057);
  if (user.tenantId !== app.tenantId && !app.multiTenant) {
    const tenant = directory.findTenant(app.tenantId)?.displayName ?? app.tenantId;
    const provider = directory.findTenant(user.tenantId)?.displayName ?? user.tenantId;
    throw new EntraError(50020, { ...words, tenant, provider });
  }
  const atToken = state.place === 'token';
  if (user.blockedByPolicy) throw new EntraError(53003, {}, atToken ? { error: 'interaction_required' } : {});
  if (user.mfaRequired && !state.mfa && state.place !== 'page') {
    throw new EntraError(50076, { resource: '00000003-0000-0000-c000-000000000000' }, { claims: MFA_CLAIMS });
  }
  if (app.assignmentRequired && !consents.isAssigned(app.clientId, user.oid)) {
    throw new EntraError(50105, words, atToken ? { error: 'invalid_grant' } : {});
  }
}

/** Refuses grants from before the user's tokens were revoked, with the code of the reason. */
export function checkNotRevoked(
  app: App,
  user: DirectoryAccount,
  granted: { generation: number; issuedAt: number },
): void {
  if (granted.generation >= user.generation) return;
  const issued = entraTimestamp(granted.issuedAt);
  switch (user.revokedReason) {
    case 'consent-withdrawn':
      throw new EntraError(65001, { clientId: app.clientId, app: app.displayName });
    case 'sign-in-frequency':
      throw new EntraError(70043, { issued });
    case 'expired':
      throw new EntraError(700082, { issued });
    default:
      throw new EntraError(50173, { issued });
  }
}
