import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Database } from '../../database/database.ts';
import type { Permission } from '../../domain/security-profile.ts';
import { refuseCrossSite } from '../http/cross-site.ts';
import { Problem } from '../http/problem.ts';
import type { AttemptLimits } from './attempt-limits.ts';
import type { Authentication } from './authentication.ts';
import { may, type Principal, type RouteAccess, withoutPermission } from './principal.ts';
import { hideOutOfReach, hideQueueOfMove } from './reach-guard.ts';
import { refuseStaleSignIn } from './recent-sign-in.ts';
import { showsMailItself } from './route-reach.ts';

/**
 * Rejects requests without the route's permission. Every route declares what it requires; the app does not start with
 * one that declares nothing. Runs before the body is read.
 */
export function guardRoutes(
  app: FastifyInstance,
  authentication: Authentication,
  limits: AttemptLimits,
  publicUrl: string,
  db: Database,
): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.permission === undefined) throw new TypeError(`${method} ${url} declares no permission`);
  });

  app.decorateRequest('principal', null);
  app.addHook('onRequest', async (request) => {
    const { permission } = request.routeOptions.config;
    if (permission === 'public') return;
    const principal = await authentication.authenticate(request);
    if (!principal) throw await refusal(request);
    if (principal.kind === 'user') refuseCrossSite(request, publicUrl);
    request.principal = principal;
    requireKind(principal, permission);
    if (permission === 'provisioning') return;
    if (permission !== 'signed-in' && permission !== undefined) requirePermission(principal, permission);
    refuseStaleSignIn(request, principal, permission ?? 'signed-in');
    if (showsMailItself(request.routeOptions.url ?? '') && !principal.readsMail)
      requirePermission(principal, 'items.read');
    await hideOutOfReach(db, request, principal);
  });
  app.addHook('preHandler', async (request) => {
    if (request.principal) hideQueueOfMove(request, request.principal);
  });

  async function refusal(request: FastifyRequest): Promise<Problem> {
    const tried = request.headers.authorization !== undefined;
    if (tried) await limits.count('failed-key', request);
    const detail = tried
      ? 'The API key is unknown or revoked. Create one with `npm run mailroom -- api-key create`.'
      : 'Sign in at /auth/sign-in, or send an API key in the Authorization header.';
    const challenge = tried ? 'Bearer realm="Mailroom", error="invalid_token"' : 'Bearer realm="Mailroom"';
    return new Problem(tried ? 'key-unknown' : 'session-missing', detail, {
      headers: { 'www-authenticate': challenge },
    });
  }
}

/** Refuses the key of an identity provider everywhere but at SCIM, and everyone else there. */
function requireKind(principal: Principal, permission: RouteAccess | undefined): void {
  const isForProvisioning = principal.isForProvisioning === true;
  if (isForProvisioning === (permission === 'provisioning')) return;
  throw new Problem(
    isForProvisioning ? 'key-for-provisioning' : 'key-not-for-provisioning',
    isForProvisioning
      ? 'This key is for the provisioning of users by SCIM at /scim/v2, and for nothing else.'
      : 'SCIM takes a key for provisioning only. Make one under Admin > Provisioning.',
  );
}

/** Refuses who does not have a permission, in words. */
export function requirePermission(principal: Principal, permission: Permission): void {
  if (may(principal, permission)) return;
  const holder = withoutPermission(principal, permission);
  throw new Problem(
    'permission-missing',
    `This needs the permission ${permission}, which ${holder}. Ask an administrator.`,
    { facts: { permission, profile: principal.profile } },
  );
}

/** The principal of the request; for handlers of routes that are not public. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new TypeError('A public route has no principal');
  return request.principal;
}
