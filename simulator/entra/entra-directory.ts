import type { ConsentPolicy } from './consent-policy.ts';
import type { Directory, DirectoryUser, Tenant } from './contract.ts';

/** Why the refresh tokens and sessions of a user ended; decides the AADSTS code of the next refresh. */
export const REVOCATION_REASONS = [
  'password-changed',
  'session-revoked',
  'consent-withdrawn',
  'sign-in-frequency',
  'expired',
] as const;
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

/** A user with the fields that only sign-in needs. */
export interface DirectoryAccount extends DirectoryUser {
  readonly administrator: boolean;
  /** Sign-in requires a second factor; refresh tokens issued without one answer AADSTS50076. */
  readonly mfaRequired: boolean;
  /** Conditional Access refuses the user: AADSTS53003. */
  readonly blockedByPolicy: boolean;
  /** The app roles that are assigned to the user, of every app: claim `roles`. */
  readonly appRoles: readonly string[];
  /** Ids of groups: claim `groups`, and over 200 of them only the sources where they can be asked for. */
  readonly groups: readonly string[];
  readonly revokedReason: RevocationReason | null;
}

export interface DirectoryTenant extends Tenant {
  /** Whether sign-in with an unknown address of the tenant creates the user; otherwise it answers AADSTS50034. */
  readonly createsUsersOnFirstUse: boolean;
  /** Permissions that the policy does not leave to users end with AADSTS90094. */
  readonly consentPolicy: ConsentPolicy;
}

export interface UserChanges {
  /** Renames the mailbox; the previous address becomes an alias only on request. */
  readonly address?: string | undefined;
  readonly displayName?: string | undefined;
  readonly userPrincipalName?: string | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly enabled?: boolean | undefined;
  readonly administrator?: boolean | undefined;
  readonly mfaRequired?: boolean | undefined;
  readonly blockedByPolicy?: boolean | undefined;
  readonly appRoles?: readonly string[] | undefined;
  readonly groups?: readonly string[] | undefined;
}

export interface TenantChanges {
  readonly displayName?: string | undefined;
  readonly domains?: readonly string[] | undefined;
  readonly createsUsersOnFirstUse?: boolean | undefined;
  readonly consentPolicy?: ConsentPolicy | undefined;
}

/** Entra's view of the directory; the Graph half has only `Directory`. */
export interface EntraDirectory extends Directory {
  ensureUser(address: string, displayName?: string): DirectoryAccount;
  findUser(idOrAddress: string): DirectoryAccount | undefined;
  listUsers(): DirectoryAccount[];
  /** Throws `NameTaken` if an alias or principal name belongs to another user. */
  updateUser(oid: string, changes: UserChanges): DirectoryAccount;
  deleteUser(oid: string): void;
  /**
   * Revokes all refresh tokens of the user and (for clients with capability cp1) access tokens; usually also the
   * sessions.
   */
  revoke(oid: string, reason: RevocationReason): void;
  listTenants(): DirectoryTenant[];
  findTenant(idOrDomain: string): DirectoryTenant | undefined;
  /** The tenant that owns the domain of an address, else the default tenant. */
  tenantOfAddress(address: string): DirectoryTenant;
  upsertTenant(tenantId: string, changes: TenantChanges): DirectoryTenant;
}

/** A name (address, alias, principal name or domain) that already belongs to another user or tenant. */
export class NameTaken extends Error {
  override readonly name = 'NameTaken';
  constructor(taken: string) {
    super(`${taken} already belongs to another entry of the directory`);
  }
}
