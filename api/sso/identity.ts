import type { IDToken } from 'openid-client';
import type { ProviderIdentity } from '../../database/users.ts';
import { SignOnRefused } from './sign-on-refused.ts';

const guid = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/i;

/**
 * Who signed in, from an id token whose signature, issuer, audience and nonce are verified already.
 *
 * Addresses count only where the provider vouches for them: Entra's user name and address, because only the tenant's
 * administrators set them and the token must be of that very tenant; elsewhere `email` with `email_verified`. Other
 * providers let people choose their own `preferred_username`.
 */
export function identityOf(claims: IDToken, issuer: string): ProviderIdentity {
  const { tid, preferred_username, email, email_verified, name } = claims;
  const isEntra = typeof tid === 'string';
  if (isEntra && tid.toLowerCase() !== guid.exec(new URL(issuer).pathname)?.[0].toLowerCase()) {
    throw new SignOnRefused('other-tenant');
  }
  const vouched = isEntra ? [preferred_username, email] : email_verified === true ? [email] : [];
  const emails = vouched.filter(isAddress).map((address) => address.toLowerCase());
  if (emails.length === 0) throw new SignOnRefused('no-address');
  return {
    issuer: claims.iss,
    subject: claims.sub,
    emails: [...new Set(emails)],
    displayName: typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 200) : undefined,
  };
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && value.includes('@');
}
