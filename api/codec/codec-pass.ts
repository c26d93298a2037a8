import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DecryptionError, type KeyRing } from '../../encryption/key-ring.ts';
import { CODEC_PATH } from './codec-path.ts';

/** What lets Temporal's pages, which are mostly of another site, have payloads decoded for who is signed in here. */
export interface CodecPass {
  /** Gives the browser of a session its pass. `idHash` is what the session is stored by. */
  give(reply: FastifyReply, idHash: Buffer, maxAgeSeconds: number): void;
  take(reply: FastifyReply): void;
  /** The session by which the browser that asks has a pass; undefined when it has none that is ours. */
  sessionOf(request: FastifyRequest): Buffer | undefined;
}

const NAME = '__Secure-mailroom-codec';
const CONTEXT = 'cookies.codec';

/**
 * A cookie of its own: browsers keep the session's, which is `SameSite=Lax`, from requests of other sites. It is sent to the
 * codec's path alone, names the session without being one, and is good as long as the session is. Browsers send such cookies
 * over https only; where Mailroom is at http://localhost, so are Temporal's pages, and the session's cookie is enough.
 */
export function createCodecPass(keys: KeyRing, publicUrl: string): CodecPass {
  const isSecure = publicUrl.startsWith('https:');
  const options: CookieSerializeOptions = { path: CODEC_PATH, httpOnly: true, sameSite: 'none', secure: true };
  return {
    give(reply, idHash, maxAge) {
      if (!isSecure) return;
      reply.setCookie(NAME, keys.encrypt(idHash.toString('base64url'), CONTEXT), { ...options, maxAge });
    },
    take(reply) {
      if (isSecure) reply.clearCookie(NAME, options);
    },
    sessionOf(request) {
      const pass = isSecure ? request.cookies[NAME] : undefined;
      if (pass === undefined) return undefined;
      try {
        return Buffer.from(keys.decrypt(pass, CONTEXT), 'base64url');
      } catch (error) {
        if (error instanceof DecryptionError) return undefined;
        throw error;
      }
    },
  };
}
