import type { FastifyRequest } from 'fastify';
import type { Database } from '../../database/database.ts';
import { findApiKey } from '../../database/people/api-keys.ts';
import { findSessionUser } from '../../database/people/sessions.ts';
import { intersectReach } from '../../domain/reach.ts';
import type { CodecPass } from '../codec/codec-pass.ts';
import type { Cookies } from '../http/cookies.ts';
import { Problem } from '../http/problem.ts';
import { tokenHash } from '../http/random-token.ts';
import { looksLikeApiKey } from './api-key-format.ts';
import { isInNetworks } from './key-networks.ts';
import type { Principal } from './principal.ts';

export interface Authentication {
  /**
   * By API key, else by session. Undefined when neither is given or valid; throws the refusal of a known key. `isUse`:
   * false when no person asks, which lets the session become idle.
   */
  authenticate(request: FastifyRequest, options?: { readonly isUse?: boolean }): Promise<Principal | undefined>;
  /** By session only: for pages. */
  authenticateBySession(request: FastifyRequest): Promise<Principal | undefined>;
}

/** Pages send it with what they ask for while the person does nothing (`web/api/unattended.ts`). */
const UNATTENDED_HEADER = 'mailroom-unattended';

/**
 * Looks up keys and sessions by the SHA-256 of what was sent: an index either finds it or does not, so no secret has to
 * be compared in constant time. A request with an Authorization header never falls back to the session cookie.
 */
export function createAuthentication(db: Database, cookies: Cookies, codecPass: CodecPass): Authentication {
  async function authenticateByKey(header: string, request: FastifyRequest): Promise<Principal | undefined> {
    const [, key] = /^Bearer ([\w-]{1,200})$/i.exec(header) ?? [];
    if (key === undefined || !looksLikeApiKey(key)) return undefined;
    const found = await findApiKey(db, tokenHash(key));
    if (!found) return undefined;
    const { id, name, purpose, profile, limits, expiresAt } = found;
    request.attemptedBy = { actor: `key:${id}`, actorName: name, profile };
    if (found.isExpired) {
      const detail = `The API key expired at ${expiresAt?.toISOString()}. Make another one under Admin > API keys.`;
      throw new Problem('key-expired', detail, {
        headers: { 'www-authenticate': 'Bearer realm="Mailroom", error="invalid_token"' },
      });
    }
    if (limits.networks && !isInNetworks(request.ip, limits.networks)) {
      throw new Problem('key-from-elsewhere', `The API key may not be used from the address ${request.ip}.`);
    }
    return {
      kind: 'key',
      id,
      actor: `key:${id}`,
      profile,
      ...(purpose !== 'api' && { isForProvisioning: true }),
      limits,
      reach: intersectReach(limits, { queueIds: found.makerQueueIds ?? undefined }),
      isInTeams: found.makerQueueIds !== null,
      readsMail: found.makerReadsMail,
      isRecent: true,
      name,
      displayName: name,
    };
  }

  async function authenticateBySession(request: FastifyRequest, isUse = true): Promise<Principal | undefined> {
    const token = cookies.read(request, 'session');
    return token === undefined ? undefined : await findUser(tokenHash(token), isUse);
  }

  async function findUser(sessionHash: Buffer, isUse: boolean): Promise<Principal | undefined> {
    const found = await findSessionUser(db, sessionHash, { isUse });
    if (!found) return undefined;
    const { userId, email, displayName, profile, queueIds, readsMail, isRecent } = found;
    return {
      kind: 'user',
      id: userId,
      actor: `user:${userId}`,
      profile,
      reach: { queueIds: queueIds ?? undefined },
      isInTeams: queueIds !== null,
      readsMail,
      isRecent,
      name: email,
      displayName,
    };
  }

  return {
    authenticateBySession: (request) => authenticateBySession(request),
    async authenticate(request, { isUse = request.headers[UNATTENDED_HEADER] === undefined } = {}) {
      const passed = request.routeOptions.config.acceptsCodecPass ? codecPass.sessionOf(request) : undefined;
      // Before the Authorization header: Temporal's pages may send the token of their own sign-in there.
      const user = passed && (await findUser(passed, isUse));
      if (user) return user;
      const { authorization } = request.headers;
      return await (authorization === undefined
        ? authenticateBySession(request, isUse)
        : authenticateByKey(authorization, request));
    },
  };
}
