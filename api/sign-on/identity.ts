import type { JWTPayload } from 'jose';
import type { ProviderIdentity } from '../../database/people/admit-user.ts';
import { foldAddress } from '../../domain/fold-address.ts';
import { SignOnRefused } from './sign-on-refused.ts';

const guid = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/i;

/**
 * The person who signed in, from a verified id token, completed by the provider's UserInfo.
 *
 * Addresses count only where the provider vouches for them: Entra's user name and address, because only the tenant's
 * administrators set them and the token must be of that very tenant; elsewhere `email` with `email_verified`. Other
 * providers let people choose their own `preferred_username`.
 */
export function identityOf(claims: JWTPayload, issuer: string): ProviderIdentity {
  const { iss, sub, tid, name } = claims;
  if (iss === undefined || sub === undefined) throw new SignOnRefused('unusable-answer');
  if (typeof tid === 'string' && tid.toLowerCase() !== guid.exec(new URL(issuer).pathname)?.[0].toLowerCase()) {
    throw new SignOnRefused('other-tenant');
  }
  const emails = vouchedAddresses(claims);
  if (emails.length === 0) throw new SignOnRefused('no-address');
  return {
    issuer: iss,
    subject: sub,
    emails: [...new Set(emails)],
    displayName: typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 200) : undefined,
  };
}

/** Whether an id token contains the person's address; if not, UserInfo may. */
export function hasAddress(claims: JWTPayload): boolean {
  return vouchedAddresses(claims).length > 0;
}

function vouchedAddresses({ tid, preferred_username, email, email_verified }: JWTPayload): string[] {
  // Some providers write every claim as a string.
  const isVerified = email_verified === true || email_verified === 'true';
  const vouched = typeof tid === 'string' ? [preferred_username, email] : isVerified ? [email] : [];
  return vouched.filter(isAddress).map(foldAddress);
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && value.includes('@');
}
