import type { Permission, SecurityProfile } from '../../domain/security-profile.ts';
import type { ProblemKind } from '../http/problem-kinds.ts';

/** The user or API key that makes a request. */
export interface Principal {
  readonly kind: 'user' | 'key';
  readonly id: string;
  /** As in events and claims: `user:<id>` or `key:<id>`. */
  readonly actor: string;
  readonly profile: SecurityProfile;
  /** A user's e-mail address or a key's name. */
  readonly name: string;
  readonly displayName: string;
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
