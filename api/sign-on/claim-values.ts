import type { JWTPayload } from 'jose';
import { type ClaimValues, LONGEST_CLAIM_VALUE, MOST_CLAIM_VALUES } from '../../domain/profile-mapping.ts';

/** `a.b.c`: deeper claims are not read. */
const DEEPEST = 5;

/**
 * The values of a claim: a text, or the texts of a list. The claim of exactly this name comes first, because names can be
 * addresses with dots in them; else dots lead into objects, as in Keycloak's `realm_access.roles`. Anything that is no
 * text is no value. The values are the provider's, so they are read within limits.
 */
export function claimValues(claims: JWTPayload, name: string): ClaimValues {
  const value = valueAt(claims, name);
  if (value === undefined && isLeftOut(claims, name)) return 'left-out';
  const values = Array.isArray(value) ? value : [value];
  if (values.length > MOST_CLAIM_VALUES) return 'too-many';
  return values.filter(isClaimValue);
}

/** Whether neither the claim nor the provider's word that it left the claim out is there: UserInfo may have it. */
export function isClaimMissing(claims: JWTPayload, name: string): boolean {
  return valueAt(claims, name) === undefined && !isLeftOut(claims, name);
}

/**
 * Entra's groups overage: over 200 groups, `_claim_names` says where they can be asked for (in the implicit flow
 * `hasgroups`), and the claim itself is missing. OpenID Connect Core 1.0, section 5.6.2, for any provider.
 */
function isLeftOut({ _claim_names: names, hasgroups }: JWTPayload, name: string): boolean {
  if (isObject(names) && Object.hasOwn(names, name)) return true;
  return name === 'groups' && (hasgroups === true || hasgroups === 'true');
}

function valueAt(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name] ?? undefined;
  const parts = name.split('.');
  if (parts.length > DEEPEST) return undefined;
  let value: unknown = claims;
  for (const part of parts) value = isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  return value ?? undefined;
}

function isClaimValue(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_CLAIM_VALUE;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
