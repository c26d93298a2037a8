import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import type { AccessTokenClaims, AccessTokenRefusal, AccessTokens } from './contract.ts';
import type { DirectoryAccount } from './entra-directory.ts';
import { createEntraSchema } from './schema.ts';
import { createSigningKeys, type SigningKeys } from './signing-keys.ts';
import { readTokenSettings } from './token-settings.ts';

/** Microsoft Graph as a resource of Entra. */
export const GRAPH_RESOURCE_ID = '00000003-0000-0000-c000-000000000000';
const GRAPH_AUDIENCE = 'https://graph.microsoft.com';

/** Cache of verified tokens, so that a busy client costs one RSA check per token instead of one per request. */
const VERIFIED_TOKENS_KEPT = 20_000;

export interface IssuedAccessToken {
  readonly token: string;
  readonly lifetimeSeconds: number;
}

interface DelegatedGrant {
  readonly user: DirectoryAccount;
  readonly clientId: string;
  readonly appName: string;
  /** The app sent no secret. */
  readonly isPublic: boolean;
  /** Short names: `Mail.Read`, `openid`. */
  readonly scopes: readonly string[];
  /** From the claims parameter: `cp1` makes the token revocable. */
  readonly capabilities: readonly string[];
  readonly subject: string;
  readonly sessionId: string;
  /** Whether a second factor was used. */
  readonly mfa: boolean;
}

interface AppOnlyGrant {
  readonly tenantId: string;
  readonly servicePrincipalId: string;
  readonly clientId: string;
  readonly appName: string;
  readonly roles: readonly string[];
}

/** Issues and verifies the access tokens for Graph. */
export interface AccessTokenIssuer extends AccessTokens {
  readonly keys: SigningKeys;
  issueDelegated(grant: DelegatedGrant): Promise<IssuedAccessToken>;
  issueAppOnly(grant: AppOnlyGrant): Promise<IssuedAccessToken>;
}

interface Verified {
  readonly claims: AccessTokenClaims;
  readonly generation: number;
  readonly revocable: boolean;
}

/**
 * Access tokens in the shape of Entra's v1 tokens, which is what Graph gets from the v2 endpoint too. They are
 * revoked by the generation of their user, which each carries; see `EntraDirectory.revoke`.
 */
export function createAccessTokens(database: DatabaseSync): AccessTokenIssuer {
  createEntraSchema(database);
  const keys = createSigningKeys(database);
  const userState = database.prepare('SELECT enabled, generation, revoked_reason FROM entra_users WHERE oid = ?');
  const verified = new Map<string, Verified>();

  const sign = async (tenantId: string, claims: Record<string, unknown>): Promise<IssuedAccessToken> => {
    const { kid, privateKey } = await keys.current();
    const lifetimeSeconds = readTokenSettings(database).accessTokenLifetimeSeconds;
    const now = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ ...claims, tid: tenantId, uti: opaque(16), ver: '1.0' })
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', x5t: kid, kid })
      .setAudience(GRAPH_AUDIENCE)
      .setIssuer(`https://sts.windows.net/${tenantId}/`)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(privateKey);
    return { token, lifetimeSeconds };
  };

  const check = async (bearer: string): Promise<Verified | undefined> => {
    const { kid } = decodeProtectedHeader(bearer);
    const key = kid === undefined ? undefined : await keys.findPublicKey(kid);
    if (!key) return undefined;
    // Expiry is checked below, on every use; a check here would hide the result of the signature check.
    const { payload } = await jwtVerify(bearer, key, {
      algorithms: ['RS256'],
      audience: GRAPH_AUDIENCE,
      currentDate: new Date(0),
      clockTolerance: Number.MAX_SAFE_INTEGER,
    });
    return verifiedFromPayload(payload);
  };

  return {
    keys,

    issueDelegated: ({ user, clientId, appName, isPublic, scopes, capabilities, subject, sessionId, mfa }) =>
      sign(user.tenantId, {
        acct: 0,
        amr: mfa ? ['pwd', 'mfa'] : ['pwd'],
        app_displayname: appName,
        appid: clientId,
        appidacr: isPublic ? '0' : '1',
        idtyp: 'user',
        name: user.displayName,
        oid: user.oid,
        scp: scopes.filter((scope) => scope !== 'offline_access').join(' '),
        sid: sessionId,
        sub: subject,
        unique_name: user.userPrincipalName,
        upn: user.userPrincipalName,
        ...(capabilities.length > 0 ? { xms_cc: capabilities } : {}),
        generation: user.generation,
      }),

    issueAppOnly: ({ tenantId, servicePrincipalId, clientId, appName, roles }) =>
      sign(tenantId, {
        app_displayname: appName,
        appid: clientId,
        appidacr: '1',
        idtyp: 'app',
        oid: servicePrincipalId,
        roles,
        sub: servicePrincipalId,
      }),

    async verify(bearer): Promise<AccessTokenClaims | AccessTokenRefusal> {
      let known = verified.get(bearer);
      if (!known) {
        try {
          known = await check(bearer);
        } catch (error) {
          if (!(error instanceof errors.JOSEError || error instanceof TypeError)) throw error;
        }
        if (!known) return { refused: 'malformed' };
        if (verified.size >= VERIFIED_TOKENS_KEPT) {
          const [oldest] = verified.keys();
          if (oldest !== undefined) verified.delete(oldest);
        }
        verified.set(bearer, known);
      }
      if (known.claims.expiresAt * 1000 <= Date.now()) return { refused: 'expired' };
      if (known.claims.roles) return known.claims;
      const user = userState.get(known.claims.oid);
      if (!user) return { refused: 'malformed' };
      const newer = Number(user.generation) > known.generation;
      if (newer && user.revoked_reason === 'expired') return { refused: 'expired' };
      if (known.revocable && (newer || user.enabled === 0)) return { refused: 'revoked' };
      return known.claims;
    },
  };
}

function verifiedFromPayload(payload: Record<string, unknown>): Verified | undefined {
  const { tid, oid, appid, exp, scp, roles, xms_cc: capabilities, generation } = payload;
  if (typeof tid !== 'string' || typeof oid !== 'string' || typeof appid !== 'string' || typeof exp !== 'number') {
    return undefined;
  }
  return {
    claims: {
      tenantId: tid,
      oid,
      clientId: appid,
      scopes: typeof scp === 'string' ? scp.split(' ').filter((scope) => scope !== '') : [],
      expiresAt: exp,
      ...(Array.isArray(roles) ? { roles: roles.map(String) } : {}),
    },
    generation: Number(generation ?? 0),
    revocable: Array.isArray(capabilities) && capabilities.some((name) => String(name).toLowerCase() === 'cp1'),
  };
}

function opaque(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
