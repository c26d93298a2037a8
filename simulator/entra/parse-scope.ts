import { GRAPH_RESOURCE_ID } from './access-tokens.ts';
import { EntraError } from './entra-error.ts';
import { canonicalPermission } from './graph-permissions.ts';

export const OPENID_SCOPES = ['openid', 'profile', 'email', 'offline_access'] as const;

/** The names of Graph as a resource: its URL in each cloud, and its app id. */
const GRAPH_PREFIXES = [
  'https://graph.microsoft.com/',
  'https://graph.microsoft.us/',
  'https://dod-graph.microsoft.us/',
  'https://microsoftgraph.chinacloudapi.cn/',
  `${GRAPH_RESOURCE_ID}/`,
];

export interface RequestedScope {
  /** As the client wrote them, without duplicates. */
  readonly asked: readonly string[];
  /** Short names in Graph's own spelling, those of OpenID Connect included. */
  readonly permissions: readonly string[];
  /** `.default` was requested: all registered permissions of the app. */
  readonly everythingRegistered: boolean;
  /** The prefix of the first Graph permission: Graph's URL, or nothing. */
  readonly prefix: string;
}

/**
 * Reads a `scope` parameter. Scopes without a resource belong to Graph; `https://graph.microsoft.com/Mail.Read`,
 * `Mail.Read` and `mail.read` are the same permission.
 * Throws AADSTS70011 (empty or malformed), 500011 (another resource) and 650053 (no such permission).
 */
export function parseScope(scope: string, origin: string, words: { app: string; tenant: string }): RequestedScope {
  const asked = [...new Set(scope.split(/\s+/).filter((part) => part !== ''))];
  if (asked.length === 0) throw new EntraError(70011, { scope });
  const permissions = new Set<string>();
  let everythingRegistered = false;
  let prefix: string | undefined;
  for (const part of asked) {
    const name = withoutGraphPrefix(part, origin);
    if (name === undefined) {
      throw new EntraError(500011, { resource: part.slice(0, part.lastIndexOf('/')), tenant: words.tenant });
    }
    if (!OPENID_SCOPES.some((known) => known === name.toLowerCase())) {
      prefix ??= part.slice(0, part.length - name.length);
    }
    if (name === '.default') {
      everythingRegistered = true;
      continue;
    }
    const permission = canonicalPermission(name) ?? OPENID_SCOPES.find((known) => known === name.toLowerCase());
    if (permission === undefined) {
      if (/^[A-Za-z]+$/.test(name)) throw new EntraError(650053, { app: words.app, scope: name });
      throw new EntraError(70011, { scope: part });
    }
    permissions.add(permission);
  }
  return { asked, permissions: [...permissions], everythingRegistered, prefix: prefix ?? '' };
}

/** The short name of a Graph scope, or undefined where the scope names another resource. */
function withoutGraphPrefix(part: string, origin: string): string | undefined {
  const prefix = [...GRAPH_PREFIXES, `${origin}/`].find((known) => part.toLowerCase().startsWith(known));
  // Clients send two slashes when they append "/.default" to a resource that ends in one.
  if (prefix !== undefined) return part.slice(prefix.length).replace(/^\//, '');
  return part.includes('/') ? undefined : part;
}

/** The permissions of a request, with `.default` replaced by the app's registered permissions. */
export function effectivePermissions(request: RequestedScope, registered: readonly string[]): string[] {
  return request.everythingRegistered
    ? [...new Set([...request.permissions, ...registered])]
    : [...request.permissions];
}
