import type { IdTokenClaims } from '@azure/msal-node';
import { Failure } from '../domain/failure.ts';
import type { EntraSettings } from './entra-settings.ts';
import { isGuid } from './guid.ts';

/** Who signed in. Key a person by (tenantId, objectId): names and addresses change hands. */
export interface SignInIdentity {
  readonly tenantId: string;
  readonly objectId: string;
  /** `preferred_username`: usually the user principal name. For people to read, not to decide by. */
  readonly username: string;
  readonly displayName: string;
}

/**
 * Reads the id token of a sign-in. It came from Entra itself over TLS, so its signature needs no check (OpenID Connect
 * Core 3.1.3.7, point 6); that it was made for this app, by this tenant and is not over does, and MSAL only compares
 * the nonce. Throws CredentialRejected: `wrong-tenant` when it is of another tenant than the settings name,
 * `sign-in-mismatch` when it is no token for us.
 */
export function signInIdentity(claims: IdTokenClaims, settings: EntraSettings, nowMs: number): SignInIdentity {
  const { aud, exp, tid, oid, preferred_username: username, name } = claims;
  if (aud !== settings.clientId || typeof exp !== 'number' || exp * 1_000 < nowMs || !isGuid(tid) || !isGuid(oid)) {
    throw new Failure('CredentialRejected', "Microsoft's answer belongs to another sign-in", {
      reason: 'sign-in-mismatch',
    });
  }
  if (isGuid(settings.tenantId) && settings.tenantId.toLowerCase() !== tid.toLowerCase()) {
    throw new Failure('CredentialRejected', 'The account belongs to another tenant', { reason: 'wrong-tenant' });
  }
  return {
    tenantId: tid.toLowerCase(),
    objectId: oid.toLowerCase(),
    username: username ?? '',
    displayName: name ?? '',
  };
}
