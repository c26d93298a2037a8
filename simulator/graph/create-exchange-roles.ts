import type { DatabaseSync } from 'node:sqlite';

/** A role of an app, and the mailboxes of its management scope; null: all of the tenant. */
export interface ExchangeRole {
  /** `Application Mail.Read` */
  readonly role: string;
  readonly mailboxOids: readonly string[] | null;
}

/**
 * What Exchange allows apps in addition to Entra (RBAC for Applications): roles, each for the mailboxes of a management
 * scope. Tokens do not name them. Changes take effect after a while: up to two hours, as Exchange caches them
 * (learn.microsoft.com/exchange/permissions-exo/application-rbac).
 */
export interface ExchangeRoles {
  /** Whether a role with this permission of Graph (`Mail.Read`) is in effect for the mailbox. */
  holds(clientId: string, permission: string, mailboxOid: string): boolean;
  /** Replaces all roles of the app; the former ones are in effect until then. */
  replace(clientId: string, roles: readonly ExchangeRole[], afterMs: number): void;
}

const ALL = '*';

export function createExchangeRoles(database: DatabaseSync): ExchangeRoles {
  database.exec(`
    CREATE TABLE IF NOT EXISTS graph_exchange_roles (
      client_id TEXT NOT NULL,
      role TEXT NOT NULL,
      mailbox_oid TEXT NOT NULL,
      starts_at INTEGER NOT NULL,
      ends_at INTEGER
    ) STRICT;
    CREATE INDEX IF NOT EXISTS graph_exchange_roles_by_app ON graph_exchange_roles (client_id, mailbox_oid, role);
  `);
  const find = database.prepare(
    `SELECT 1 FROM graph_exchange_roles WHERE client_id = ? AND mailbox_oid IN (?, '${ALL}') AND role = ?
     AND starts_at <= ? AND (ends_at IS NULL OR ends_at > ?) LIMIT 1`,
  );
  const insert = database.prepare(
    'INSERT INTO graph_exchange_roles (client_id, role, mailbox_oid, starts_at) VALUES (?, ?, ?, ?)',
  );

  return {
    holds(clientId, permission, mailboxOid) {
      const now = Date.now();
      return find.get(clientId, mailboxOid, `Application ${permission}`, now, now) !== undefined;
    },

    replace(clientId, roles, afterMs) {
      const now = Date.now();
      const at = now + afterMs;
      database
        .prepare('DELETE FROM graph_exchange_roles WHERE client_id = ? AND (starts_at > ? OR ends_at <= ?)')
        .run(clientId, now, now);
      database.prepare('UPDATE graph_exchange_roles SET ends_at = ? WHERE client_id = ?').run(at, clientId);
      for (const { role, mailboxOids } of roles) {
        for (const oid of mailboxOids ?? [ALL]) insert.run(clientId, role, oid, at);
      }
    },
  };
}
