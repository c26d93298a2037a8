import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SIGN_IN_EXPIRES_AFTER_MS } from '../../domain/schedule.ts';
import type { Cookies } from '../http/cookies.ts';
import { randomToken, randomTokenForm } from '../http/random-token.ts';

/**
 * The state that Microsoft gives back: the link's token, and a hash of it with a secret that only this browser has
 * (RFC 9700, section 4.7). The link alone makes no state that another browser would bring back. Several links
 * in one browser, and one link in several, do not disturb each other.
 */
export function bindToBrowser(cookies: Cookies, request: FastifyRequest, reply: FastifyReply, token: string): string {
  const known = cookies.read(request, 'connect') ?? '';
  const browser = randomTokenForm.test(known) ? known : randomToken();
  cookies.write(reply, 'connect', browser, SIGN_IN_EXPIRES_AFTER_MS / 1_000);
  return `${token}.${bindingOf(browser, token)}`;
}

export type BoundState =
  | { readonly outcome: 'bound'; readonly token: string }
  /** `other-browser`: *Connect* was not pressed in this one. */
  | { readonly outcome: 'unknown' | 'other-browser' };

/** Reads a state that came back: only the browser that took it to Microsoft may use it. */
export function readBoundState(cookies: Cookies, request: FastifyRequest, state: string): BoundState {
  const [token = '', binding = '', ...more] = state.split('.');
  if (!randomTokenForm.test(token) || !randomTokenForm.test(binding) || more.length > 0) return { outcome: 'unknown' };
  const browser = cookies.read(request, 'connect') ?? '';
  if (!randomTokenForm.test(browser)) return { outcome: 'other-browser' };
  const isOurs = timingSafeEqual(Buffer.from(binding), Buffer.from(bindingOf(browser, token)));
  return isOurs ? { outcome: 'bound', token } : { outcome: 'other-browser' };
}

function bindingOf(browser: string, token: string): string {
  return createHash('sha256').update(`${browser}.${token}`).digest('base64url');
}
