import type { Authorization } from './authorization.ts';
import { DEFAULT_CONSENT_POLICY, isLeftToAdministrators } from './consent-policy.ts';
import type { EntraContext } from './entra-context.ts';
import type { DirectoryAccount } from './entra-directory.ts';
import { EntraError } from './entra-error.ts';
import { needsAdministrator } from './graph-permissions.ts';
import { consentPage } from './pages/consent-page.ts';
import type { Page } from './pages/send-page.ts';
import type { AuthorizeRequest, AuthorizeTarget } from './parse-authorize-request.ts';
import { ShownRefusal } from './shown-refusal.ts';

/** The missing consent, and whether this user may give it: in restricted cases only administrators may. */
export function consentNeeded(
  context: EntraContext,
  { app }: AuthorizeTarget,
  wanted: AuthorizeRequest,
  user: DirectoryAccount,
): { missing: string[]; mayConsent: boolean } {
  const consented = context.consents.delegated(app.clientId, user.tenantId, user.oid);
  const missing = wanted.permissions.filter((permission) => !consented.has(permission));
  const policy = context.directory.findTenant(user.tenantId)?.consentPolicy ?? DEFAULT_CONSENT_POLICY;
  const restricted =
    app.adminConsentRequired ||
    policy === 'administrators' ||
    missing.some(
      (permission) => needsAdministrator(permission) || (policy === 'managed' && isLeftToAdministrators(permission)),
    );
  return { missing, mayConsent: user.administrator || !restricted };
}

/** The consent page where consent is missing or requested again; undefined where nothing is missing. */
export function askConsent(
  context: EntraContext,
  { visit, target, wanted, wish }: Authorization,
  user: DirectoryAccount,
): Page | undefined {
  const { missing, mayConsent } = consentNeeded(context, target, wanted, user);
  const { app } = target;
  if (visit.step.step === 'consent' && visit.step.oid === user.oid) {
    if (visit.step.decision !== 'approve') throw new EntraError(65004, {}, { subcode: 'cancel' });
    if (!mayConsent) throw new ShownRefusal(adminApprovalNeeded(context, target, wanted));
    if (user.administrator && visit.step.wholeTenant === 'yes') {
      context.consents.giveForTenant(app.clientId, user.tenantId, { delegated: wanted.permissions });
    } else context.consents.giveAsUser(app.clientId, user.tenantId, user.oid, wanted.permissions);
    return undefined;
  }
  if (missing.length === 0 && wanted.prompt !== 'consent') return undefined;
  if (wanted.prompt === 'none') {
    throw new EntraError(65001, { clientId: app.clientId, app: app.displayName }, { error: 'consent_required' });
  }
  if (!mayConsent) throw new ShownRefusal(adminApprovalNeeded(context, target, wanted));
  return consentPage(wish.place, app, user, missing.length > 0 ? missing : wanted.permissions);
}

/** "Need admin approval", which ends with access_denied at the app. */
export function adminApprovalNeeded(
  { directory }: EntraContext,
  { app }: AuthorizeTarget,
  wanted: AuthorizeRequest,
): EntraError {
  const tenant = directory.findTenant(app.tenantId)?.displayName ?? app.tenantId;
  const options = wanted.prompt === 'none' ? { error: 'consent_required' } : { subcode: 'cancel' };
  return new EntraError(90094, { tenant, app: app.displayName }, options);
}
