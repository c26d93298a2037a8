import type { KeyLimits } from '../../domain/key-limits.ts';
import { mayDo, type Permission, type SecurityProfile } from '../../domain/security-profile.ts';
import type { ProblemKind } from '../http/problem-kinds.ts';

/** The user or API key that makes a request. */
export interface Principal {
  readonly kind: 'user' | 'key';
  readonly id: string;
  /** As in events and claims: `user:<id>` or `key:<id>`. */
  readonly actor: string;
  readonly profile: SecurityProfile;
  /** Of a key that may do less than its profile. */
  readonly limits?: KeyLimits;
  /** A user's e-mail address or a key's name. */
  readonly name: string;
  readonly displayName: string;
}

/** Whether the profile has the permission, and the limits of the key leave it. */
export function may({ profile, limits }: Pick<Principal, 'profile' | 'limits'>, permission: Permission): boolean {
  return mayDo(profile, permission) && (limits?.permissions?.includes(permission) ?? true);
}

/** What a route requires: a permission, any signed-in user, or nothing. */
export type RouteAccess = Permission | 'signed-in' | 'public';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Mandatory: the app does not start with a route that omits it. */
    permission?: RouteAccess;
    /** Refusals specific to this route, for the OpenAPI document. */
    problems?: readonly ProblemKind[];
    /** True for addresses that people open in a browser: refusals are rendered as pages. */
    isPage?: boolean;
    /** Another origin from which browsers may call this route with the session. */
    alsoFrom?: string;
    /** The route accepts the pass for Temporal's pages (`codec-pass.ts`). */
    acceptsCodecPass?: true;
  }
  interface FastifyRequest {
    /** Set on every route that is not public, before its handler runs. */
    principal: Principal | null;
  }
}
