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

/** A user with what only sign-in needs to know. */
export interface DirectoryAccount extends DirectoryUser {
  readonly administrator: boolean;
  /** Signing in asks for a second factor; refresh tokens got without one answer AADSTS50076. */
  readonly mfaRequired: boolean;
  /** Conditional Access refuses the user: AADSTS53003. */
  readonly blockedByPolicy: boolean;
  readonly revokedReason: RevocationReason | null;
}

export interface DirectoryTenant extends Tenant {
  /** Whether a sign-in with an unknown address of the tenant makes the user; otherwise it answers AADSTS50034. */
  readonly createsUsersOnFirstUse: boolean;
  /** What users may not consent to themselves ends with AADSTS90094. */
  readonly consentPolicy: ConsentPolicy;
}

export interface UserChanges {
  /** The mailbox is renamed; what it was called before becomes an alias only where that is said. */
  readonly address?: string | undefined;
  readonly displayName?: string | undefined;
  readonly userPrincipalName?: string | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly enabled?: boolean | undefined;
  readonly administrator?: boolean | undefined;
  readonly mfaRequired?: boolean | undefined;
  readonly blockedByPolicy?: boolean | undefined;
}

export interface TenantChanges {
  readonly displayName?: string | undefined;
  readonly domains?: readonly string[] | undefined;
  readonly createsUsersOnFirstUse?: boolean | undefined;
  readonly consentPolicy?: ConsentPolicy | undefined;
}

/** The directory as Entra itself sees it; the Graph half knows only `Directory`. */
export interface EntraDirectory extends Directory {
  ensureUser(address: string, displayName?: string): DirectoryAccount;
  findUser(idOrAddress: string): DirectoryAccount | undefined;
  listUsers(): DirectoryAccount[];
  /** Throws `NameTaken` where an alias or principal name belongs to another user. */
  updateUser(oid: string, changes: UserChanges): DirectoryAccount;
  deleteUser(oid: string): void;
  /** Ends every refresh token and (for clients with capability cp1) access token of the user; mostly sessions too. */
  revoke(oid: string, reason: RevocationReason): void;
  listTenants(): DirectoryTenant[];
  findTenant(idOrDomain: string): DirectoryTenant | undefined;
  /** The tenant that owns the domain of an address, else the default tenant. */
  tenantOfAddress(address: string): DirectoryTenant;
  upsertTenant(tenantId: string, changes: TenantChanges): DirectoryTenant;
}

/** A name (address, alias, principal name or domain) that already belongs to somebody else. */
export class NameTaken extends Error {
  override readonly name = 'NameTaken';
  constructor(taken: string) {
    super(`${taken} already belongs to another entry of the directory`);
  }
}
