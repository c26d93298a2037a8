import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { transact } from '../transact.ts';
import { consentPolicies, DEFAULT_CONSENT_POLICY } from './consent-policy.ts';
import { DEFAULT_TENANT_ID, fillDefaultDirectory } from './default-directory.ts';
import {
  type DirectoryAccount,
  type DirectoryTenant,
  type EntraDirectory,
  NameTaken,
  type RevocationReason,
  type UserChanges,
} from './entra-directory.ts';
import { foldName } from './fold-name.ts';
import { createEntraSchema } from './schema.ts';

const USER_COLUMNS = `
  u.oid, u.tenant_id, u.address, u.user_principal_name, u.display_name, u.enabled, u.administrator, u.mfa_required,
  u.blocked_by_policy, u.app_roles, u.groups, u.generation, u.revoked_reason,
  (SELECT json_group_array(a.name) FROM entra_user_names a WHERE a.oid = u.oid AND a.kind = 'alias') AS aliases`;

const TENANT_COLUMNS = `
  t.tenant_id, t.display_name, t.creates_users_on_first_use, t.admin_consent_required,
  (SELECT json_group_array(d.domain) FROM entra_domains d WHERE d.tenant_id = t.tenant_id) AS domains`;

/** Opens the directory in the simulator's database; an empty one gets the default tenants and apps. */
export function createDirectory(database: DatabaseSync): EntraDirectory {
  createEntraSchema(database);
  fillDefaultDirectory(database);

  const byOid = database.prepare(`SELECT ${USER_COLUMNS} FROM entra_users u WHERE u.oid = ?`);
  const byName = database.prepare(
    `SELECT ${USER_COLUMNS} FROM entra_user_names n JOIN entra_users u USING (oid) WHERE n.name = ?`,
  );
  const all = database.prepare(`SELECT ${USER_COLUMNS} FROM entra_users u ORDER BY u.address`);
  const insertUser = database.prepare(
    `INSERT INTO entra_users (oid, tenant_id, address, user_principal_name, display_name, administrator, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertName = database.prepare('INSERT INTO entra_user_names (name, oid, kind) VALUES (?, ?, ?)');
  const nameOwner = database.prepare('SELECT oid FROM entra_user_names WHERE name = ?');
  const tenantById = database.prepare(`SELECT ${TENANT_COLUMNS} FROM entra_tenants t WHERE t.tenant_id = ?`);
  const tenantByDomain = database.prepare(
    `SELECT ${TENANT_COLUMNS} FROM entra_domains o JOIN entra_tenants t USING (tenant_id) WHERE o.domain = ?`,
  );
  const allTenants = database.prepare(`SELECT ${TENANT_COLUMNS} FROM entra_tenants t ORDER BY t.created_at, t.rowid`);

  const findUser = (idOrAddress: string): DirectoryAccount | undefined => {
    const key = foldName(idOrAddress.trim());
    const row = key.includes('@') ? byName.get(key) : byOid.get(key);
    return row && userFromRow(row);
  };

  const findTenant = (idOrDomain: string): DirectoryTenant | undefined => {
    const key = foldName(idOrDomain);
    const row = tenantById.get(key) ?? tenantByDomain.get(key);
    return row && tenantFromRow(row);
  };

  const tenantOfAddress = (address: string): DirectoryTenant => {
    const domain = address.slice(address.lastIndexOf('@') + 1);
    const tenant = findTenant(domain) ?? findTenant(DEFAULT_TENANT_ID) ?? directory.listTenants()[0];
    if (!tenant) throw new Error('The directory has no tenant');
    return tenant;
  };

  const claimName = (name: string, oid: string, kind: 'address' | 'principal' | 'alias'): void => {
    const owner = nameOwner.get(name) as { oid: string } | undefined;
    if (owner && owner.oid !== oid) throw new NameTaken(name);
    if (!owner) insertName.run(name, oid, kind);
  };

  const directory: EntraDirectory = {
    findUser,
    findTenant,
    tenantOfAddress,

    ensureUser(address, displayName) {
      const found = findUser(address);
      if (found) return found;
      const key = foldName(address.trim());
      if (!isAddress(key)) throw new TypeError(`"${address}" is not an e-mail address`);
      const oid = randomUUID();
      const { tenantId } = tenantOfAddress(key);
      transact(database, () => {
        const administrator = key.startsWith('admin@') ? 1 : 0;
        insertUser.run(oid, tenantId, key, key, displayName ?? nameFromAddress(key), administrator, Date.now());
        claimName(key, oid, 'address');
      });
      return getUser(oid);
    },

    listUsers: () => all.all().map(userFromRow),

    updateUser(oid, changes) {
      const before = getUser(oid);
      const given = withoutUndefined(changes);
      const address = given.address === undefined ? before.address : foldName(given.address);
      // Renaming a mailbox renames its user, too.
      const isOnePrincipal = foldName(before.userPrincipalName) === before.address;
      const userPrincipalName = isOnePrincipal ? address : before.userPrincipalName;
      const after = { ...before, userPrincipalName, ...given, address };
      transact(database, () => {
        database.prepare('DELETE FROM entra_user_names WHERE oid = ?').run(oid);
        claimName(address, oid, 'address');
        const principal = foldName(after.userPrincipalName);
        claimName(principal, oid, 'principal');
        for (const alias of after.aliases) claimName(foldName(alias), oid, 'alias');
        database
          .prepare(
            `UPDATE entra_users SET address = ?, user_principal_name = ?, display_name = ?, enabled = ?, administrator = ?,
               mfa_required = ?, blocked_by_policy = ?, app_roles = ?, groups = ? WHERE oid = ?`,
          )
          .run(
            address,
            after.userPrincipalName,
            after.displayName,
            Number(after.enabled),
            Number(after.administrator),
            Number(after.mfaRequired),
            Number(after.blockedByPolicy),
            JSON.stringify(after.appRoles),
            JSON.stringify(after.groups),
            oid,
          );
      });
      return getUser(oid);
    },

    deleteUser(oid) {
      database.prepare('DELETE FROM entra_users WHERE oid = ?').run(oid);
    },

    revoke(oid, reason) {
      database
        .prepare('UPDATE entra_users SET generation = generation + 1, revoked_reason = ? WHERE oid = ?')
        .run(reason, oid);
      // A withdrawn consent or an expired token does not end the session; single sign-on asks for consent at most.
      if (reason === 'consent-withdrawn' || reason === 'expired') return;
      database.prepare('DELETE FROM entra_session_accounts WHERE oid = ?').run(oid);
    },

    listTenants: () => allTenants.all().map(tenantFromRow),

    upsertTenant(tenantId, changes) {
      const id = tenantId.toLowerCase();
      const before = findTenant(id);
      const after = {
        displayName: changes.displayName ?? before?.displayName ?? id,
        domains: changes.domains ?? before?.domains ?? [],
        createsUsersOnFirstUse: changes.createsUsersOnFirstUse ?? before?.createsUsersOnFirstUse ?? true,
        consentPolicy: changes.consentPolicy ?? before?.consentPolicy ?? DEFAULT_CONSENT_POLICY,
      };
      transact(database, () => {
        database
          .prepare(
            `INSERT INTO entra_tenants
               (tenant_id, display_name, creates_users_on_first_use, admin_consent_required, created_at)
             VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (tenant_id) DO UPDATE SET display_name = excluded.display_name,
               creates_users_on_first_use = excluded.creates_users_on_first_use,
               admin_consent_required = excluded.admin_consent_required`,
          )
          .run(
            id,
            after.displayName,
            Number(after.createsUsersOnFirstUse),
            consentPolicies.indexOf(after.consentPolicy),
            Date.now(),
          );
        database.prepare('DELETE FROM entra_domains WHERE tenant_id = ?').run(id);
        for (const domain of after.domains) {
          const owner = findTenant(domain);
          if (owner) throw new NameTaken(domain);
          database.prepare('INSERT INTO entra_domains (domain, tenant_id) VALUES (?, ?)').run(foldName(domain), id);
        }
      });
      const tenant = findTenant(id);
      if (!tenant) throw new Error(`Tenant ${id} vanished`);
      return tenant;
    },
  };

  const getUser = (oid: string): DirectoryAccount => {
    const row = byOid.get(oid);
    if (!row) throw new Error(`No user has the object id ${oid}`);
    return userFromRow(row);
  };

  return directory;
}

function isAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+$/.test(text);
}

/** `anna.schmidt@…` is displayed as Anna Schmidt until the user gets a name. */
function nameFromAddress(address: string): string {
  const words = address.slice(0, address.lastIndexOf('@')).split(/[._+-]+/);
  return words
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

function withoutUndefined(changes: UserChanges): { [K in keyof UserChanges]: Exclude<UserChanges[K], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

function userFromRow(row: Record<string, unknown>): DirectoryAccount {
  return {
    oid: String(row.oid),
    tenantId: String(row.tenant_id),
    address: String(row.address),
    userPrincipalName: String(row.user_principal_name),
    displayName: String(row.display_name),
    aliases: JSON.parse(String(row.aliases)) as string[],
    enabled: row.enabled === 1,
    administrator: row.administrator === 1,
    mfaRequired: row.mfa_required === 1,
    blockedByPolicy: row.blocked_by_policy === 1,
    appRoles: JSON.parse(String(row.app_roles)) as string[],
    groups: JSON.parse(String(row.groups)) as string[],
    generation: Number(row.generation),
    revokedReason: row.revoked_reason as RevocationReason | null,
  };
}

function tenantFromRow(row: Record<string, unknown>): DirectoryTenant {
  return {
    tenantId: String(row.tenant_id),
    displayName: String(row.display_name),
    domains: JSON.parse(String(row.domains)) as string[],
    createsUsersOnFirstUse: row.creates_users_on_first_use === 1,
    consentPolicy: consentPolicies[Number(row.admin_consent_required)] ?? DEFAULT_CONSENT_POLICY,
  };
}
