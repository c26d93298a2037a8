/** A Microsoft 365 organisation in the simulator. Addresses of its domains belong to it. */
export interface Tenant {
  readonly tenantId: string;
  readonly displayName: string;
  readonly domains: readonly string[];
}

/** A person (and mailbox owner) of a tenant. `address` is the primary SMTP address in lower case. */
export interface DirectoryUser {
  readonly tenantId: string;
  readonly oid: string;
  readonly address: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly aliases: readonly string[];
  readonly enabled: boolean;
  /** Counts revocations. A token or session of an older generation has been revoked. */
  readonly generation: number;
}

/** The users. They are created on first use, so that mailboxes need no preparation. */
export interface Directory {
  /** Finds the user of an address, or creates it in the tenant that owns the domain (else in the default tenant). */
  ensureUser(address: string, displayName?: string): DirectoryUser;
  /** By object id, user principal name, primary address or alias; case-insensitive. */
  findUser(idOrAddress: string): DirectoryUser | undefined;
}

/** The claims of a valid access token for Graph. */
export interface AccessTokenClaims {
  readonly tenantId: string;
  /** The user; for an app-only token the app's own service principal, which has no mailbox. */
  readonly oid: string;
  readonly clientId: string;
  /** Delegated permissions in Graph's short form (`Mail.Read`); empty in an app-only token. */
  readonly scopes: readonly string[];
  /** Application permissions; present, though perhaps empty, only in an app-only (client credentials) token. */
  readonly roles?: readonly string[];
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Why Graph refuses a token: the text of the 401 and, for revoked sessions, the claims challenge. Only a token whose
 * client declared the capability `cp1` is ever `revoked`; the others live until they expire, as Microsoft's do (CAE).
 */
export interface AccessTokenRefusal {
  readonly refused: 'expired' | 'malformed' | 'revoked';
}

export interface AccessTokens {
  verify(bearer: string): Promise<AccessTokenClaims | AccessTokenRefusal>;
}
