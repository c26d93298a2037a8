import type { IdTokenClaims } from '@azure/msal-node';
import { Failure } from '../../domain/failure.ts';
import { isWrongClock, TOKEN_CLOCK_TOLERANCE_MS } from '../client/clock-skew.ts';
import type { EntraSettings } from './entra-settings.ts';
import { isGuid } from './guid.ts';

/** The signed-in person. Key a person by (tenantId, objectId): names and addresses change hands. */
export interface SignInIdentity {
  readonly tenantId: string;
  readonly objectId: string;
  /** `preferred_username`: usually the user principal name. For display, not for decisions. */
  readonly username: string;
  readonly displayName: string;
}

/**
 * Reads the id token of a sign-in. It came from Entra itself over TLS, so its signature needs no check (OpenID Connect
 * Core 3.1.3.7, point 6); its audience, tenant and validity do, because MSAL only compares the nonce. Throws
 * CredentialRejected: `wrong-tenant` when the token is of another tenant than the settings name, `clock-wrong` when it
 * is expired or not yet valid only by our own clock, `sign-in-mismatch` when it is no token for us. `clockSkewMs` is
 * Entra's clock minus ours when it issued the token.
 */
export function signInIdentity(
  claims: IdTokenClaims,
  settings: EntraSettings,
  { nowMs, clockSkewMs }: { readonly nowMs: number; readonly clockSkewMs?: number | undefined },
): SignInIdentity {
  const { aud, exp, iat, tid, oid, preferred_username: username, name } = claims;
  const isForUs = aud === settings.clientId && isGuid(tid) && isGuid(oid);
  if (isForUs && isWrongClock(clockSkewMs) && !isOfNow({ exp, iat }, nowMs)) {
    throw new Failure('CredentialRejected', 'The clocks of Microsoft and of this server differ', {
      reason: 'clock-wrong',
      clockSkewMs,
    });
  }
  if (!isForUs || !isOfNow({ exp, iat }, nowMs)) {
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

function isOfNow(
  { exp, iat }: { readonly exp: number | undefined; readonly iat: number | undefined },
  nowMs: number,
): boolean {
  if (typeof exp !== 'number' || exp * 1_000 < nowMs - TOKEN_CLOCK_TOLERANCE_MS) return false;
  return iat === undefined || iat * 1_000 <= nowMs + TOKEN_CLOCK_TOLERANCE_MS;
}
