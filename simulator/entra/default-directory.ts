import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { transact } from '../transact.ts';
import { consentPolicies, DEFAULT_CONSENT_POLICY } from './consent-policy.ts';

/** Contoso: the tenant of `contoso.example`, and of every domain that no tenant owns. */
export const DEFAULT_TENANT_ID = '3f7c1a52-8d64-4b0e-9a6b-5c2e8f104d7a';
export const DEFAULT_DOMAIN = 'contoso.example';

/** Fabrikam: a second organisation, to show the behaviour for accounts of another tenant. */
export const SECOND_TENANT_ID = 'b81e6c0d-2f39-47d5-8e17-9d40a3c65f28';
export const SECOND_DOMAIN = 'fabrikam.example';

/** May open the administrator page and give tenant-wide consent, and is assigned to the single sign-on app. */
export const DEFAULT_ADMINISTRATOR = `admin@${DEFAULT_DOMAIN}`;
export const SECOND_ADMINISTRATOR = `admin@${SECOND_DOMAIN}`;

/** The app registration that reads mail. */
export const MAILROOM_CLIENT_ID = '5d0b9e3f-71c8-4a26-b4f0-e6a97d12c853';
export const MAILROOM_CLIENT_SECRET = 'simulator~mailroom.secret_0001';

/** The app registration for administrators' sign-in to Mailroom. */
export const SSO_CLIENT_ID = 'c94a7f16-0e5b-4d83-a2c1-7b3f60d8e549';
export const SSO_CLIENT_SECRET = 'simulator~sign-on.secret_0001';

/** Fabrikam's own app registrations of the same two kinds. */
export const SECOND_MAILROOM_CLIENT_ID = '82f5d3c7-4b19-4e60-8a7d-1c96b0e2f43a';
export const SECOND_MAILROOM_CLIENT_SECRET = 'simulator~mailroom.secret_0002';
export const SECOND_SSO_CLIENT_ID = 'e17b42a9-6c05-4f98-b3d2-05a8c7f19e64';
export const SECOND_SSO_CLIENT_SECRET = 'simulator~sign-on.secret_0002';

/** The port of a loopback redirect URI is ignored, so these work for any port of the product. */
const MAILROOM_REDIRECT_URIS = [
  'http://localhost:3000/api/v1/email/sign-in/callback',
  'http://127.0.0.1:3000/api/v1/email/sign-in/callback',
];
const SSO_REDIRECT_URIS = [
  'http://localhost:3000/auth/callback',
  'http://127.0.0.1:3000/auth/callback',
  'http://localhost:3000/',
  'http://127.0.0.1:3000/',
];
const SSO_INITIATE_LOGIN_URI = 'http://localhost:3000/auth/initiate';

const MAILROOM_DELEGATED_PERMISSIONS = ['openid', 'profile', 'offline_access', 'User.Read', 'Mail.Read'];
const MAILROOM_APPLICATION_PERMISSIONS = ['Mail.Read'];
const SSO_DELEGATED_PERMISSIONS = ['openid', 'profile', 'email', 'offline_access', 'User.Read'];

/**
 * Fills an empty directory with two tenants, their administrators and their app registrations. A directory with a
 * tenant is left unchanged: the next start does not restore what was changed or deleted.
 */
export function fillDefaultDirectory(database: DatabaseSync): void {
  const { tenants } = database.prepare('SELECT count(*) AS tenants FROM entra_tenants').get() as { tenants: number };
  if (tenants > 0) return;
  transact(database, () => {
    insertTenant(database, DEFAULT_TENANT_ID, 'Contoso', DEFAULT_DOMAIN);
    insertTenant(database, SECOND_TENANT_ID, 'Fabrikam', SECOND_DOMAIN);
    insertMailroomApp(database, DEFAULT_TENANT_ID, MAILROOM_CLIENT_ID, MAILROOM_CLIENT_SECRET);
    insertMailroomApp(database, SECOND_TENANT_ID, SECOND_MAILROOM_CLIENT_ID, SECOND_MAILROOM_CLIENT_SECRET);
    insertSignOnApp(database, DEFAULT_TENANT_ID, SSO_CLIENT_ID, SSO_CLIENT_SECRET, DEFAULT_ADMINISTRATOR);
    insertSignOnApp(database, SECOND_TENANT_ID, SECOND_SSO_CLIENT_ID, SECOND_SSO_CLIENT_SECRET, SECOND_ADMINISTRATOR);
  });
}

function insertTenant(database: DatabaseSync, tenantId: string, displayName: string, domain: string): void {
  database
    .prepare(
      'INSERT INTO entra_tenants (tenant_id, display_name, admin_consent_required, created_at) VALUES (?, ?, ?, ?)',
    )
    .run(tenantId, displayName, consentPolicies.indexOf(DEFAULT_CONSENT_POLICY), Date.now());
  database.prepare('INSERT INTO entra_domains (domain, tenant_id) VALUES (?, ?)').run(domain, tenantId);
}

/**
 * Under the policy of new tenants, users cannot let an app read their mail; so an administrator has given consent for
 * the whole tenant, as in a real organisation before the first mailbox is connected.
 */
function insertMailroomApp(database: DatabaseSync, tenantId: string, clientId: string, secret: string): void {
  insertApp(database, {
    tenantId,
    clientId,
    secret,
    displayName: 'Mailroom',
    redirectUris: MAILROOM_REDIRECT_URIS,
    initiateLoginUri: null,
    delegatedPermissions: MAILROOM_DELEGATED_PERMISSIONS,
    applicationPermissions: MAILROOM_APPLICATION_PERMISSIONS,
  });
  consentForTenant(database, tenantId, clientId, [...MAILROOM_DELEGATED_PERMISSIONS, 'Mail.Read.Shared']);
}

function consentForTenant(
  database: DatabaseSync,
  tenantId: string,
  clientId: string,
  permissions: readonly string[],
): void {
  const consent = database.prepare(
    `INSERT INTO entra_consents (client_id, tenant_id, oid, kind, permission) VALUES (?, ?, '*', 'delegated', ?)`,
  );
  for (const permission of permissions) consent.run(clientId, tenantId, permission);
}

/** Consent for the whole tenant and an assignment to its administrator, as in a usual roll-out of a sign-on app. */
function insertSignOnApp(
  database: DatabaseSync,
  tenantId: string,
  clientId: string,
  secret: string,
  administrator: string,
): void {
  insertApp(database, {
    tenantId,
    clientId,
    secret,
    displayName: 'Mailroom sign-on',
    redirectUris: SSO_REDIRECT_URIS,
    initiateLoginUri: SSO_INITIATE_LOGIN_URI,
    delegatedPermissions: SSO_DELEGATED_PERMISSIONS,
    applicationPermissions: [],
  });
  consentForTenant(database, tenantId, clientId, SSO_DELEGATED_PERMISSIONS);
  const oid = insertAdministrator(database, tenantId, administrator);
  database.prepare('INSERT INTO entra_assignments (client_id, oid) VALUES (?, ?)').run(clientId, oid);
}

function insertAdministrator(database: DatabaseSync, tenantId: string, address: string): string {
  const oid = randomUUID();
  database
    .prepare(
      `INSERT INTO entra_users
         (oid, tenant_id, address, user_principal_name, display_name, administrator, app_roles, created_at)
       VALUES (?, ?, ?, ?, 'Ada Administrator', 1, '["Mailroom.Admin"]', ?)`,
    )
    .run(oid, tenantId, address, address, Date.now());
  database.prepare(`INSERT INTO entra_user_names (name, oid, kind) VALUES (?, ?, 'address')`).run(address, oid);
  return oid;
}

interface NewApp {
  readonly tenantId: string;
  readonly clientId: string;
  readonly secret: string;
  readonly displayName: string;
  readonly redirectUris: readonly string[];
  readonly initiateLoginUri: string | null;
  readonly delegatedPermissions: readonly string[];
  readonly applicationPermissions: readonly string[];
}

function insertApp(database: DatabaseSync, app: NewApp): void {
  database
    .prepare(
      `INSERT INTO entra_apps (client_id, service_principal_id, tenant_id, display_name, redirect_uris,
         initiate_login_uri, delegated_permissions, application_permissions, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      app.clientId,
      randomUUID(),
      app.tenantId,
      app.displayName,
      JSON.stringify(app.redirectUris),
      app.initiateLoginUri,
      JSON.stringify(app.delegatedPermissions),
      JSON.stringify(app.applicationPermissions),
      Date.now(),
    );
  database
    .prepare('INSERT INTO entra_app_secrets (key_id, client_id, value) VALUES (?, ?, ?)')
    .run(randomUUID(), app.clientId, app.secret);
}
