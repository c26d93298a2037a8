import type { DatabaseSync } from 'node:sqlite';
import { addColumn } from '../add-column.ts';

/**
 * Creates the tables of the simulated Entra where they are missing. Codes, refresh tokens and browser sessions are
 * stored as SHA-256 hashes, so that the file is not enough to sign in. Times are milliseconds since 1970.
 */
export function createEntraSchema(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS entra_tenants (
      tenant_id TEXT PRIMARY KEY,
      display_name TEXT NOT NULL,
      creates_users_on_first_use INTEGER NOT NULL DEFAULT 1,
      admin_consent_required INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE IF NOT EXISTS entra_domains (
      domain TEXT PRIMARY KEY,
      tenant_id TEXT NOT NULL REFERENCES entra_tenants ON DELETE CASCADE
    ) STRICT;

    CREATE TABLE IF NOT EXISTS entra_users (
      oid TEXT PRIMARY KEY,
      tenant_id TEXT NOT NULL REFERENCES entra_tenants ON DELETE CASCADE,
      address TEXT NOT NULL UNIQUE,
      user_principal_name TEXT NOT NULL,
      display_name TEXT NOT NULL,
      enabled INTEGER NOT NULL DEFAULT 1,
      administrator INTEGER NOT NULL DEFAULT 0,
      mfa_required INTEGER NOT NULL DEFAULT 0,
      blocked_by_policy INTEGER NOT NULL DEFAULT 0,
      generation INTEGER NOT NULL DEFAULT 0,
      revoked_reason TEXT,
      created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE IF NOT EXISTS entra_user_names (
      name TEXT PRIMARY KEY,
      oid TEXT NOT NULL REFERENCES entra_users ON DELETE CASCADE,
      kind TEXT NOT NULL CHECK (kind IN ('address', 'principal', 'alias'))
    ) STRICT;
    CREATE INDEX IF NOT EXISTS entra_user_names_by_oid ON entra_user_names (oid);

    CREATE TABLE IF NOT EXISTS entra_apps (
      client_id TEXT PRIMARY KEY,
      service_principal_id TEXT NOT NULL,
      tenant_id TEXT NOT NULL REFERENCES entra_tenants ON DELETE CASCADE,
      display_name TEXT NOT NULL,
      multi_tenant INTEGER NOT NULL DEFAULT 0,
      redirect_uris TEXT NOT NULL,
      initiate_login_uri TEXT,
      enabled INTEGER NOT NULL DEFAULT 1,
      assignment_required INTEGER NOT NULL DEFAULT 0,
      admin_consent_required INTEGER NOT NULL DEFAULT 0,
      id_tokens_from_authorize INTEGER NOT NULL DEFAULT 0,
      public_client INTEGER NOT NULL DEFAULT 0,
      delegated_permissions TEXT NOT NULL,
      application_permissions TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE IF NOT EXISTS entra_app_secrets (
      key_id TEXT PRIMARY KEY,
      client_id TEXT NOT NULL REFERENCES entra_apps ON DELETE CASCADE,
      value TEXT NOT NULL,
      expires_at INTEGER,
      UNIQUE (client_id, value)
    ) STRICT;

    CREATE TABLE IF NOT EXISTS entra_app_certificates (
      thumbprint TEXT NOT NULL,
      client_id TEXT NOT NULL REFERENCES entra_apps ON DELETE CASCADE,
      pem TEXT NOT NULL,
      PRIMARY KEY (client_id, thumbprint)
    ) STRICT;

    CREATE TABLE IF NOT EXISTS entra_assignments (
      client_id TEXT NOT NULL REFERENCES entra_apps ON DELETE CASCADE,
      oid TEXT NOT NULL REFERENCES entra_users ON DELETE CASCADE,
      PRIMARY KEY (client_id, oid)
    ) STRICT;

    -- oid is the user who consented, or '*' where an administrator consented for the whole tenant.
    CREATE TABLE IF NOT EXISTS entra_consents (
      client_id TEXT NOT NULL REFERENCES entra_apps ON DELETE CASCADE,
      tenant_id TEXT NOT NULL REFERENCES entra_tenants ON DELETE CASCADE,
      oid TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('delegated', 'application')),
      permission TEXT NOT NULL,
      PRIMARY KEY (client_id, tenant_id, oid, kind, permission)
    ) STRICT;

    CREATE TABLE IF NOT EXISTS entra_session_accounts (
      session_hash BLOB NOT NULL,
      oid TEXT NOT NULL REFERENCES entra_users ON DELETE CASCADE,
      session_id TEXT NOT NULL,
      used_at INTEGER NOT NULL,
      mfa INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      PRIMARY KEY (session_hash, oid)
    ) STRICT;

    CREATE TABLE IF NOT EXISTS entra_authorization_codes (
      code_hash BLOB PRIMARY KEY,
      content TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      redeemed_at INTEGER
    ) STRICT;

    CREATE TABLE IF NOT EXISTS entra_device_codes (
      device_code_hash BLOB PRIMARY KEY,
      user_code TEXT NOT NULL UNIQUE,
      request TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'declined', 'spent')),
      content TEXT
    ) STRICT;

    CREATE TABLE IF NOT EXISTS entra_refresh_tokens (
      token_hash BLOB PRIMARY KEY,
      client_id TEXT NOT NULL REFERENCES entra_apps ON DELETE CASCADE,
      oid TEXT NOT NULL,
      content TEXT NOT NULL,
      issued_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      superseded_at INTEGER
    ) STRICT;
    CREATE INDEX IF NOT EXISTS entra_refresh_tokens_by_oid ON entra_refresh_tokens (oid);

    CREATE TABLE IF NOT EXISTS entra_signing_keys (
      kid TEXT PRIMARY KEY,
      private_jwk TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE IF NOT EXISTS entra_settings (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT;
  `);
  addColumn(database, 'entra_apps', 'public_client', 'INTEGER NOT NULL DEFAULT 0');
  addColumn(database, 'entra_users', 'app_roles', "TEXT NOT NULL DEFAULT '[]'");
  addColumn(database, 'entra_users', 'groups', "TEXT NOT NULL DEFAULT '[]'");
  addColumn(database, 'entra_session_accounts', 'authenticated_at', 'INTEGER NOT NULL DEFAULT 0');
}
