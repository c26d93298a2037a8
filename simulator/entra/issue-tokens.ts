import type { App } from './create-apps.ts';
import type { EntraContext } from './entra-context.ts';
import type { DirectoryAccount } from './entra-directory.ts';
import { EntraError } from './entra-error.ts';
import { pairwiseSubject, signIdToken } from './id-tokens.ts';
import { effectivePermissions, OPENID_SCOPES, parseScope, type RequestedScope } from './parse-scope.ts';

interface TokenIssue {
  readonly app: App;
  readonly user: DirectoryAccount;
  readonly origin: string;
  readonly scope: string;
  readonly sessionId: string;
  readonly mfa: boolean;
  readonly authenticatedAt?: number | undefined;
  readonly capabilities: readonly string[];
  readonly nonce?: string | undefined;
  readonly claims?: string | undefined;
  /** `client_info=1`, as MSAL sends it. */
  readonly withClientInfo: boolean;
  /** Exactly the requested scopes, even if more have consent: for tests of single permissions. */
  readonly onlyAsked?: boolean;
}

/**
 * The token endpoint's answer for a user. The token holds all scopes that ever got consent for Graph, not only the
 * requested ones (microsoft-authentication-library-for-dotnet#1713). Requested scopes are echoed as the client wrote
 * them, because MSAL compares strings, and the others in the same form; `offline_access` is not echoed. Throws
 * AADSTS65001 where a scope lacks consent.
 */
export async function issueTokens(context: EntraContext, issue: TokenIssue): Promise<Record<string, unknown>> {
  const { app, user, sessionId, capabilities } = issue;
  const tenant = context.directory.findTenant(user.tenantId)?.displayName ?? user.tenantId;
  const requested = parseScope(issue.scope, issue.origin, { app: app.displayName, tenant });
  const permissions = effectivePermissions(requested, app.delegatedPermissions);
  const consented = context.consents.delegated(app.clientId, user.tenantId, user.oid);
  if (requested.permissions.some((permission) => !consented.has(permission))) {
    throw new EntraError(65001, { clientId: app.clientId, app: app.displayName });
  }
  const granted = permissions.filter((permission) => consented.has(permission));
  const held = issue.onlyAsked ? granted : [...new Set([...granted, ...consented])];
  const access = await context.accessTokens.issueDelegated({
    user,
    clientId: app.clientId,
    appName: app.displayName,
    isPublic: app.publicClient,
    scopes: held,
    capabilities,
    subject: pairwiseSubject(user.oid, app.clientId),
    sessionId,
    mfa: issue.mfa,
  });
  return {
    token_type: 'Bearer',
    scope: echo(requested, held).join(' '),
    expires_in: access.lifetimeSeconds,
    ext_expires_in: access.lifetimeSeconds,
    access_token: access.token,
    ...(granted.includes('offline_access')
      ? {
          refresh_token: context.refreshTokens.issue({
            clientId: app.clientId,
            tenantId: user.tenantId,
            oid: user.oid,
            scope: issue.scope,
            capabilities,
            sessionId,
            mfa: issue.mfa,
            generation: user.generation,
          }),
        }
      : {}),
    ...(granted.includes('openid')
      ? {
          id_token: await signIdToken(context.accessTokens.keys, issue.origin, {
            app,
            user,
            permissions: granted,
            sessionId,
            authenticatedAt: issue.authenticatedAt,
            nonce: issue.nonce,
            claims: issue.claims,
            skewSeconds: context.faults.clockSkewSeconds(),
          }),
        }
      : {}),
    ...(issue.withClientInfo ? { client_info: clientInfo(user) } : {}),
  };
}

function echo({ asked, permissions, everythingRegistered, prefix }: RequestedScope, held: readonly string[]): string[] {
  const others = held
    .filter((name) => everythingRegistered || !permissions.includes(name))
    .map((name) => (OPENID_SCOPES.some((known) => known === name) ? name : `${prefix}${name}`));
  return [...new Set([...asked, ...others])].filter((scope) => scope.toLowerCase() !== 'offline_access');
}

/** The account as MSAL identifies it: object id and tenant, base64url of JSON. */
export function clientInfo(user: DirectoryAccount): string {
  return Buffer.from(JSON.stringify({ uid: user.oid, utid: user.tenantId })).toString('base64url');
}
