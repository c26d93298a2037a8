import { createHash, randomBytes, randomUUID, timingSafeEqual, X509Certificate } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

/** An app registration, and its service principal in the tenant that owns it. */
export interface App {
  readonly clientId: string;
  readonly servicePrincipalId: string;
  readonly tenantId: string;
  readonly displayName: string;
  /** Whether accounts of other tenants may sign in, also through `/common` and `/organizations`. */
  readonly multiTenant: boolean;
  readonly redirectUris: readonly string[];
  /** Where the dashboard of apps starts a sign-in (third-party initiated login). */
  readonly initiateLoginUri: string | null;
  readonly enabled: boolean;
  /** Only assigned users may sign in; others get AADSTS50105. */
  readonly assignmentRequired: boolean;
  /** Users cannot consent: AADSTS90094. */
  readonly adminConsentRequired: boolean;
  /** The app may get id_tokens directly from authorize (hybrid and implicit flow). */
  readonly idTokensFromAuthorize: boolean;
  /** Cannot keep a secret: the app has none, and sends none. */
  readonly publicClient: boolean;
  /** The permissions that `.default` means with a user, and without one. */
  readonly delegatedPermissions: readonly string[];
  readonly applicationPermissions: readonly string[];
}

export interface AppSecret {
  readonly value: string;
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt: number | null;
}

export type AppChanges = { readonly [K in keyof Omit<App, 'clientId' | 'servicePrincipalId'>]?: App[K] | undefined };

export interface Apps {
  find(clientId: string): App | undefined;
  list(): App[];
  /** Creates the app or changes the given fields of it. A new app needs `tenantId`. */
  upsert(clientId: string, changes: AppChanges): App;
  delete(clientId: string): void;
  secrets(clientId: string): AppSecret[];
  replaceSecrets(clientId: string, secrets: readonly AppSecret[]): void;
  /** Adds a secret to the existing ones; generates a value if none is given. */
  addSecret(clientId: string, secret: { value?: string | undefined; expiresAt?: number | null | undefined }): AppSecret;
  /** Expires the secret of that value, or all of them, from now on. Returns how many were expired. */
  expireSecrets(clientId: string, value?: string): number;
  checkSecret(clientId: string, value: string): 'valid' | 'expired' | 'unknown';
  /** Registers a PEM certificate for private_key_jwt; returns its SHA-256 thumbprint in base64url. */
  addCertificate(clientId: string, pem: string): string;
  certificates(clientId: string): { readonly thumbprint: string; readonly pem: string }[];
}

/** The app registrations of all tenants. */
export function createApps(database: DatabaseSync): Apps {
  const byId = database.prepare('SELECT * FROM entra_apps WHERE client_id = ?');
  const secretsOf = database.prepare(
    'SELECT value, expires_at FROM entra_app_secrets WHERE client_id = ? ORDER BY rowid',
  );
  const insertSecret = database.prepare(
    `INSERT INTO entra_app_secrets (key_id, client_id, value, expires_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (client_id, value) DO UPDATE SET expires_at = excluded.expires_at`,
  );

  const find = (clientId: string): App | undefined => {
    const row = byId.get(clientId.toLowerCase());
    return row && appFromRow(row);
  };
  const secrets = (clientId: string): AppSecret[] =>
    secretsOf.all(clientId.toLowerCase()).map((row) => ({
      value: String(row.value),
      expiresAt: row.expires_at === null ? null : Number(row.expires_at),
    }));

  return {
    find,
    secrets,

    list: () => database.prepare('SELECT * FROM entra_apps ORDER BY created_at, rowid').all().map(appFromRow),

    upsert(id, changes) {
      const clientId = id.toLowerCase();
      const before = find(clientId);
      const tenantId = changes.tenantId ?? before?.tenantId;
      if (tenantId === undefined) throw new TypeError('A new app needs a tenant');
      database
        .prepare(
          `INSERT INTO entra_apps (client_id, service_principal_id, tenant_id, display_name, multi_tenant,
             redirect_uris, initiate_login_uri, enabled, assignment_required, admin_consent_required,
             id_tokens_from_authorize, public_client, delegated_permissions, application_permissions, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (client_id) DO UPDATE SET tenant_id = excluded.tenant_id,
             display_name = excluded.display_name, multi_tenant = excluded.multi_tenant,
             redirect_uris = excluded.redirect_uris, initiate_login_uri = excluded.initiate_login_uri,
             enabled = excluded.enabled, assignment_required = excluded.assignment_required,
             admin_consent_required = excluded.admin_consent_required,
             id_tokens_from_authorize = excluded.id_tokens_from_authorize,
             public_client = excluded.public_client,
             delegated_permissions = excluded.delegated_permissions,
             application_permissions = excluded.application_permissions`,
        )
        .run(
          clientId,
          before?.servicePrincipalId ?? randomUUID(),
          tenantId,
          changes.displayName ?? before?.displayName ?? clientId,
          Number(changes.multiTenant ?? before?.multiTenant ?? false),
          JSON.stringify(changes.redirectUris ?? before?.redirectUris ?? []),
          changes.initiateLoginUri === undefined ? (before?.initiateLoginUri ?? null) : changes.initiateLoginUri,
          Number(changes.enabled ?? before?.enabled ?? true),
          Number(changes.assignmentRequired ?? before?.assignmentRequired ?? false),
          Number(changes.adminConsentRequired ?? before?.adminConsentRequired ?? false),
          Number(changes.idTokensFromAuthorize ?? before?.idTokensFromAuthorize ?? false),
          Number(changes.publicClient ?? before?.publicClient ?? false),
          JSON.stringify(changes.delegatedPermissions ?? before?.delegatedPermissions ?? ['User.Read']),
          JSON.stringify(changes.applicationPermissions ?? before?.applicationPermissions ?? []),
          Date.now(),
        );
      const app = find(clientId);
      if (!app) throw new Error(`App ${clientId} vanished`);
      return app;
    },

    delete(clientId) {
      database.prepare('DELETE FROM entra_apps WHERE client_id = ?').run(clientId.toLowerCase());
    },

    replaceSecrets(clientId, replacement) {
      database.prepare('DELETE FROM entra_app_secrets WHERE client_id = ?').run(clientId.toLowerCase());
      for (const { value, expiresAt } of replacement) {
        insertSecret.run(randomUUID(), clientId.toLowerCase(), value, expiresAt);
      }
    },

    addSecret(clientId, { value = randomBytes(30).toString('base64url'), expiresAt = null }) {
      insertSecret.run(randomUUID(), clientId.toLowerCase(), value, expiresAt);
      return { value, expiresAt };
    },

    expireSecrets(clientId, value) {
      const { changes } = database
        .prepare('UPDATE entra_app_secrets SET expires_at = ? WHERE client_id = ? AND (? IS NULL OR value = ?)')
        .run(Date.now(), clientId.toLowerCase(), value ?? null, value ?? null);
      return Number(changes);
    },

    checkSecret(clientId, value) {
      const match = secrets(clientId).find((secret) => equalSecrets(secret.value, value));
      if (!match) return 'unknown';
      return match.expiresAt !== null && match.expiresAt <= Date.now() ? 'expired' : 'valid';
    },

    addCertificate(clientId, pem) {
      const certificate = new X509Certificate(pem);
      const thumbprint = createHash('sha256').update(certificate.raw).digest('base64url');
      database
        .prepare('INSERT OR REPLACE INTO entra_app_certificates (thumbprint, client_id, pem) VALUES (?, ?, ?)')
        .run(thumbprint, clientId.toLowerCase(), certificate.toString());
      return thumbprint;
    },

    certificates: (clientId) =>
      database
        .prepare('SELECT thumbprint, pem FROM entra_app_certificates WHERE client_id = ?')
        .all(clientId.toLowerCase())
        .map((row) => ({ thumbprint: String(row.thumbprint), pem: String(row.pem) })),
  };
}

function equalSecrets(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function appFromRow(row: Record<string, unknown>): App {
  const list = (json: unknown) => JSON.parse(String(json)) as string[];
  return {
    clientId: String(row.client_id),
    servicePrincipalId: String(row.service_principal_id),
    tenantId: String(row.tenant_id),
    displayName: String(row.display_name),
    multiTenant: row.multi_tenant === 1,
    redirectUris: list(row.redirect_uris),
    initiateLoginUri: row.initiate_login_uri === null ? null : String(row.initiate_login_uri),
    enabled: row.enabled === 1,
    assignmentRequired: row.assignment_required === 1,
    adminConsentRequired: row.admin_consent_required === 1,
    idTokensFromAuthorize: row.id_tokens_from_authorize === 1,
    publicClient: row.public_client === 1,
    delegatedPermissions: list(row.delegated_permissions),
    applicationPermissions: list(row.application_permissions),
  };
}
