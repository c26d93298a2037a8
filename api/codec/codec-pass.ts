import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DecryptionError, type KeyRing } from '../../encryption/key-ring.ts';
import { CODEC_PATH } from './codec-path.ts';

/** Lets Temporal's pages, which are usually on another site, have payloads decoded for a user who is signed in here. */
export interface CodecPass {
  /** Sets the pass for a browser with a session. `idHash`: the key under which the session is stored. */
  give(reply: FastifyReply, idHash: Buffer, maxAgeSeconds: number): void;
  take(reply: FastifyReply): void;
  /** The session of the browser's pass; undefined when there is no valid pass. */
  sessionOf(request: FastifyRequest): Buffer | undefined;
}

const NAME = '__Secure-mailroom-codec';
const CONTEXT = 'cookies.codec';

/**
 * A separate cookie, because the session's is `SameSite=Lax` and browsers withhold it from cross-site requests. It is
 * sent to the codec's path only, refers to the session without being one, and is valid as long as the session. Browsers
 * send `SameSite=None` cookies over https only; where Mailroom runs at http://localhost, so do Temporal's pages, and
 * the session cookie is enough.
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
