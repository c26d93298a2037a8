import { SignOnRefused } from './sign-on-refused.ts';
import type { TokenVerification } from './verify-id-token.ts';

/** What a provider says has ended: a session of it, or all of a person. At least one of `sid` and `subject` is there. */
export interface EndedAtProvider {
  readonly issuer: string;
  readonly subject: string | undefined;
  readonly sid: string | undefined;
  readonly jti: string;
  readonly expiresAt: Date;
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** Logout tokens are sent as soon as they are made; an older one was kept. */
const OLDEST = '10 minutes';
/** Tokens are remembered until they end: one that ends in years would be kept for years. */
const LONGEST_SECONDS = 86_400;
const MOST_CHARACTERS = 500;

/**
 * Verifies a logout token: OpenID Connect Back-Channel Logout 1.0, section 2.6. Its `typ` is not asked for, because
 * providers before the final specification send `JWT`; `events`, and a missing nonce, tell it from an id token. Whether
 * it came before is for who carries it out.
 */
export async function verifyLogoutToken(
  verify: TokenVerification,
  token: string,
  expected: { readonly issuer: string; readonly audience: string },
): Promise<EndedAtProvider> {
  const claims = await verify(token, {
    ...expected,
    requiredClaims: ['iat', 'exp', 'jti', 'events'],
    maxTokenAge: OLDEST,
  });
  const { sub, sid, jti, exp = 0, iat = 0, events } = claims;
  const isLogout = isObject(events) && Object.hasOwn(events, EVENT) && isObject(events[EVENT]);
  if (!isLogout || 'nonce' in claims || exp - iat > LONGEST_SECONDS) throw new SignOnRefused('unusable-answer');
  if (!isName(jti) || !isNameOrMissing(sub) || !isNameOrMissing(sid) || (sub ?? sid) === undefined) {
    throw new SignOnRefused('unusable-answer');
  }
  return { issuer: expected.issuer, subject: sub, sid, jti, expiresAt: new Date(exp * 1_000) };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MOST_CHARACTERS && !value.includes('\0');
}

function isNameOrMissing(value: unknown): value is string | undefined {
  return value === undefined || isName(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
