import type { FastifyRequest } from 'fastify';
import { permissionsWithStepUp } from '../../domain/step-up.ts';
import { recordedRoute } from '../audit/acts-of-routes.ts';
import { Problem } from '../http/problem.ts';
import type { Principal, RouteAccess } from './principal.ts';

/**
 * Refuses a change that decides who gets in, what leaves or what is deleted, when the person last proved to the identity
 * provider who they are too long ago. Looking, and what only counts or tries, is not refused. Nor are API keys: they have no
 * person to ask; what limits them is their expiry, their permissions and the addresses that they may be used from.
 */
export function refuseStaleSignIn(
  { method, routeOptions }: FastifyRequest,
  principal: Principal,
  access: RouteAccess,
): void {
  if (principal.isRecent || !permissionsWithStepUp.some((each) => each === access)) return;
  if (!recordedRoute(method, routeOptions.url ?? '')) return;
  throw recentSignInNeeded(null);
}

/** `acr`: how the person has to prove it, where that is not what is set. */
export function recentSignInNeeded(acr: string | null): Problem {
  return new Problem(
    'recent-sign-in-needed',
    'This change asks for a recent sign-in. Confirm at /auth/step-up who you are, then send it again.',
    { ...(acr !== null && { facts: { acr } }) },
  );
}
