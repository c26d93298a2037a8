import type { App } from './create-apps.ts';
import type { DirectoryTenant, EntraDirectory } from './entra-directory.ts';
import { EntraError } from './entra-error.ts';

/** Path segments that mean the tenant of the user who signs in. */
const ANY_TENANT = new Set(['common', 'organizations']);

/** The tenant in the path of a request: a GUID, a domain, or undefined for `common` and `organizations`. */
export function resolveTenant(directory: EntraDirectory, segment: string): DirectoryTenant | undefined {
  if (ANY_TENANT.has(segment.toLowerCase())) return undefined;
  const tenant = directory.findTenant(segment);
  if (!tenant) throw new EntraError(90002, { tenant: segment });
  return tenant;
}

/**
 * Checks that an app may be used through this tenant. Throws AADSTS7000112 (disabled), 50194 (a single-tenant app on
 * `/common`) and 700016 (an app that the tenant does not have).
 */
export function checkAppInTenant(app: App, tenant: DirectoryTenant | undefined): void {
  const words = { clientId: app.clientId, app: app.displayName, tenant: tenant?.displayName ?? 'common' };
  if (!app.enabled) throw new EntraError(7000112, words);
  if (app.multiTenant) return;
  if (!tenant) throw new EntraError(50194, words);
  if (tenant.tenantId !== app.tenantId) throw new EntraError(700016, words);
}

/** Finds a registered app; AADSTS700016 where there is none. */
export function getApp(find: (clientId: string) => App | undefined, clientId: string, tenant: string): App {
  const app = find(clientId);
  if (!app) throw new EntraError(700016, { clientId, tenant });
  return app;
}
