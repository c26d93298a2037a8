import type { DatabaseSync } from 'node:sqlite';

/** Assignments of users to apps, and the permissions of apps. */
export interface Consents {
  /** Delegated permissions that the user, or an administrator for the whole tenant, has given to the app. */
  delegated(clientId: string, tenantId: string, oid: string): ReadonlySet<string>;
  /** Application permissions that an administrator of the tenant has given to the app. */
  application(clientId: string, tenantId: string): readonly string[];
  giveAsUser(clientId: string, tenantId: string, oid: string, permissions: readonly string[]): void;
  giveForTenant(
    clientId: string,
    tenantId: string,
    permissions: { readonly delegated: readonly string[]; readonly application?: readonly string[] },
  ): void;
  /** Withdraws the user's consent, for one app or for all. */
  withdrawAsUser(oid: string, clientId?: string): void;
  withdrawForTenant(clientId: string, tenantId: string): void;
  assign(clientId: string, oid: string): void;
  unassign(clientId: string, oid: string): void;
  isAssigned(clientId: string, oid: string): boolean;
  /** Object ids of the users who are assigned to the app. */
  assignedUsers(clientId: string): string[];
  /** Client ids of the apps that the user is assigned to or has consented to. */
  appsOfUser(oid: string): string[];
}

/** Replaces a user's object id: consent for the whole tenant. */
const EVERYBODY = '*';

export function createConsents(database: DatabaseSync): Consents {
  const delegated = database.prepare(
    `SELECT DISTINCT permission FROM entra_consents
     WHERE client_id = ? AND tenant_id = ? AND oid IN (?, '*') AND kind = 'delegated'`,
  );
  const insert = database.prepare(
    'INSERT OR IGNORE INTO entra_consents (client_id, tenant_id, oid, kind, permission) VALUES (?, ?, ?, ?, ?)',
  );
  const assignment = database.prepare('SELECT 1 FROM entra_assignments WHERE client_id = ? AND oid = ?');

  return {
    delegated: (clientId, tenantId, oid) =>
      new Set(delegated.all(clientId, tenantId, oid).map((row) => String(row.permission))),

    application: (clientId, tenantId) =>
      database
        .prepare(
          `SELECT permission FROM entra_consents
           WHERE client_id = ? AND tenant_id = ? AND oid = '*' AND kind = 'application' ORDER BY permission`,
        )
        .all(clientId, tenantId)
        .map((row) => String(row.permission)),

    giveAsUser(clientId, tenantId, oid, permissions) {
      for (const permission of permissions) insert.run(clientId, tenantId, oid, 'delegated', permission);
    },

    giveForTenant(clientId, tenantId, { delegated: scopes, application = [] }) {
      for (const scope of scopes) insert.run(clientId, tenantId, EVERYBODY, 'delegated', scope);
      for (const role of application) insert.run(clientId, tenantId, EVERYBODY, 'application', role);
    },

    withdrawAsUser(oid, clientId) {
      database
        .prepare('DELETE FROM entra_consents WHERE oid = ? AND (? IS NULL OR client_id = ?)')
        .run(oid, clientId ?? null, clientId ?? null);
    },

    withdrawForTenant(clientId, tenantId) {
      database
        .prepare(`DELETE FROM entra_consents WHERE client_id = ? AND tenant_id = ? AND oid = '*'`)
        .run(clientId, tenantId);
    },

    assign(clientId, oid) {
      database.prepare('INSERT OR IGNORE INTO entra_assignments (client_id, oid) VALUES (?, ?)').run(clientId, oid);
    },

    unassign(clientId, oid) {
      database.prepare('DELETE FROM entra_assignments WHERE client_id = ? AND oid = ?').run(clientId, oid);
    },

    isAssigned: (clientId, oid) => assignment.get(clientId, oid) !== undefined,

    assignedUsers: (clientId) =>
      database
        .prepare('SELECT oid FROM entra_assignments WHERE client_id = ?')
        .all(clientId)
        .map((row) => String(row.oid)),

    appsOfUser: (oid) =>
      database
        .prepare(
          `SELECT client_id FROM entra_assignments WHERE oid = ?
           UNION SELECT client_id FROM entra_consents WHERE oid = ?`,
        )
        .all(oid, oid)
        .map((row) => String(row.client_id)),
  };
}
