import type { KeyLimits } from '../../domain/key-limits.ts';
import type { Reach } from '../../domain/reach.ts';
import { mayDo, type Permission, type SecurityProfile } from '../../domain/security-profile.ts';
import type { ProblemKind } from '../http/problem-kinds.ts';

/** The user or API key that makes a request. */
export interface Principal {
  readonly kind: 'user' | 'key';
  readonly id: string;
  /** As in events and claims: `user:<id>` or `key:<id>`. */
  readonly actor: string;
  readonly profile: SecurityProfile;
  /** True for the key of an identity provider: for SCIM, and for nothing else. */
  readonly isForProvisioning?: true;
  /** Of a key that may do less than its profile. */
  readonly limits?: KeyLimits;
  /** Whose mail the principal sees: what its limits, and those of the person or of who made the key, leave. */
  readonly reach: Reach;
  /** True: the person, or who made the key, sees only the queues of teams. */
  readonly isInTeams: boolean;
  /** False: sets up, and reads no mail. */
  readonly readsMail: boolean;
  /** False: changes that ask for a recent sign-in are refused. */
  readonly isRecent: boolean;
  /** A user's e-mail address or a key's name. */
  readonly name: string;
  readonly displayName: string;
}

/** Permissions to read mail, or to work with it. */
const ofMail: ReadonlySet<Permission> = new Set(['items.read', 'items.work', 'items.answer', 'items.supervise']);
/** Permissions that concern the mail of all queues. */
const ofAllQueues: ReadonlySet<Permission> = new Set(['accounts.read', 'routing.read', 'routing.change']);

/** What permissions are decided by. */
export type Holder = Pick<Principal, 'profile' | 'limits' | 'isInTeams' | 'readsMail'>;

/** Whether the profile has the permission, and the limits of the person or key leave it. */
export function may({ profile, limits, isInTeams, readsMail }: Holder, permission: Permission): boolean {
  return (
    mayDo(profile, permission) &&
    (limits?.permissions?.includes(permission) ?? true) &&
    (readsMail || !ofMail.has(permission)) &&
    !(isInTeams && ofAllQueues.has(permission))
  );
}

/** Who does not have the permission, for a sentence: *…, which … does not have.* */
export function withoutPermission({ kind, profile, limits, readsMail }: Principal, permission: Permission): string {
  if (!mayDo(profile, permission)) return `the security profile ${profile} does not have`;
  if (limits?.permissions?.includes(permission) === false) return 'the API key was not given';
  const person = kind === 'user' ? 'your user' : 'who made the API key';
  return !readsMail && ofMail.has(permission)
    ? `${person} does not have: it is kept from reading mail`
    : `${person} does not have: it sees only the queues of its teams`;
}

/** What a route requires: a permission, any signed-in user, the key of an identity provider, or nothing. */
export type RouteAccess = Permission | 'signed-in' | 'provisioning' | 'public';

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
