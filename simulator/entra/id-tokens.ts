import { createHash, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import type { App } from './create-apps.ts';
import type { DirectoryAccount } from './entra-directory.ts';
import type { SigningKeys } from './signing-keys.ts';

/** id_tokens of Entra live as long as its access tokens, about an hour. */
const LIFETIME_SECONDS = 3_600;

export interface IdTokenContent {
  readonly app: App;
  readonly user: DirectoryAccount;
  readonly permissions: readonly string[];
  readonly sessionId: string;
  /** In milliseconds since 1970. */
  readonly authenticatedAt?: number | undefined;
  readonly nonce?: string | undefined;
  /** The claims parameter of OpenID Connect, as JSON text. */
  readonly claims?: string | undefined;
  /** In the hybrid flow: the code, to which `c_hash` binds the token. */
  readonly code?: string | undefined;
  /** By how much Entra's clock is ahead. */
  readonly skewSeconds?: number;
}

/** Signs an id_token with the claims of Entra's v2.0 endpoint (id-token-claims-reference). */
export async function signIdToken(keys: SigningKeys, origin: string, content: IdTokenContent): Promise<string> {
  const { app, user, permissions } = content;
  const { kid, privateKey } = await keys.current();
  const now = Math.floor(Date.now() / 1000) + (content.skewSeconds ?? 0);
  const wanted = requestedIdTokenClaims(content.claims);
  return new SignJWT({
    sub: pairwiseSubject(user.oid, app.clientId),
    tid: user.tenantId,
    ver: '2.0',
    aio: opaque(90),
    uti: opaque(16),
    rh: `1.A${opaque(30)}.`,
    sid: content.sessionId,
    ...(permissions.includes('profile')
      ? { oid: user.oid, name: user.displayName, preferred_username: user.userPrincipalName }
      : {}),
    ...(permissions.includes('email') ? { email: user.address } : {}),
    ...(content.nonce === undefined ? {} : { nonce: content.nonce }),
    ...(content.code === undefined ? {} : { c_hash: leftHalfHash(content.code) }),
    ...(user.appRoles.length > 0 ? { roles: user.appRoles } : {}),
    ...groupClaims(origin, user),
    ...(wanted.has('auth_time') && content.authenticatedAt !== undefined
      ? { auth_time: Math.floor(content.authenticatedAt / 1_000) }
      : {}),
    ...(wanted.has('login_hint') ? { login_hint: loginHintOf(user.oid) } : {}),
  })
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid })
    .setIssuer(`${origin}/${user.tenantId}/v2.0`)
    .setAudience(app.clientId)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + LIFETIME_SECONDS)
    .sign(privateKey);
}

/** More groups than fit into a JWT; SAML has another limit (id-token-claims-reference, groups overage claim). */
const MOST_GROUPS = 200;

/** As for an app that asks for groups. Over the limit, the claim is replaced by its source. */
function groupClaims(origin: string, { groups, oid, tenantId }: DirectoryAccount): Record<string, unknown> {
  if (groups.length === 0) return {};
  if (groups.length <= MOST_GROUPS) return { groups };
  const endpoint = `${origin}/${tenantId}/users/${oid}/getMemberObjects`;
  return { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint } } };
}

/** The subject of a user for one app: it differs between apps. */
export function pairwiseSubject(oid: string, clientId: string): string {
  return createHash('sha256').update(`${clientId}:${oid}`).digest('base64url');
}

/** The opaque `login_hint` claim, which authorize accepts instead of an address. */
export function loginHintOf(oid: string): string {
  return `O.${Buffer.from(oid).toString('base64url')}`;
}

/** The object id in an opaque login hint, or undefined where the hint is something else. */
export function oidOfLoginHint(hint: string): string | undefined {
  return hint.startsWith('O.') ? Buffer.from(hint.slice(2), 'base64url').toString() : undefined;
}

/** The names under `id_token` in a claims parameter. Invalid JSON requests nothing. */
function requestedIdTokenClaims(claims: string | undefined): ReadonlySet<string> {
  if (claims === undefined) return new Set();
  try {
    const parsed = JSON.parse(claims) as { id_token?: Record<string, unknown> } | null;
    return new Set(Object.keys(parsed?.id_token ?? {}));
  } catch {
    return new Set();
  }
}

/** `c_hash` of OpenID Connect Core 3.3.2.11: the left half of the hash, for RS256 that of SHA-256. */
function leftHalfHash(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
}

function opaque(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
