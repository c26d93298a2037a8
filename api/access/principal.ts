import type { Permission, SecurityProfile } from '../../domain/security-profile.ts';
import type { ProblemKind } from '../http/problem-kinds.ts';

/** Who makes a request. */
export interface Principal {
  readonly kind: 'user' | 'key';
  readonly id: string;
  /** As events and claims name it: `user:<id>` or `key:<id>`. */
  readonly actor: string;
  readonly profile: SecurityProfile;
  /** A user's e-mail address, a key's name. */
  readonly name: string;
  readonly displayName: string;
}

/** What a route asks of who calls it: a permission, only to be somebody, or nothing. */
export type RouteAccess = Permission | 'signed-in' | 'public';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route declares it; one that does not is refused when the app is built. */
    permission?: RouteAccess;
    /** The refusals of this route beside those that every route knows; for the OpenAPI document. */
    problems?: readonly ProblemKind[];
    /** True for what people open in a browser: refusals are pages there. */
    isPage?: boolean;
    /** An origin from which browsers may call this route with the session, besides our own. */
    alsoFrom?: string;
    /** The pass for Temporal's pages counts here (`codec-pass.ts`). */
    acceptsCodecPass?: true;
  }
  interface FastifyRequest {
    /** Set on every route that is not public, before its handler runs. */
    principal: Principal | null;
  }
}
