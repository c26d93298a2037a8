import { type CryptoKey, createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import { Problem } from '../http/problem.ts';
import { SignOnRefused } from './sign-on-refused.ts';

export interface IdTokenChecks {
  readonly issuer: string;
  readonly audience: string;
  readonly nonce: string;
}

/**
 * Verifies an id token and returns its claims. Throws SignOnRefused for a token that is not the provider's, or not for
 * us.
 */
export type IdTokenVerification = (idToken: string, checks: IdTokenChecks) => Promise<JWTPayload>;

/** Verifies any token of the provider: its signature, and the claims that the options name. Refuses like the other. */
export type TokenVerification = (
  token: string,
  options: Pick<JWTVerifyOptions, 'issuer' | 'audience' | 'requiredClaims' | 'maxTokenAge'>,
) => Promise<JWTPayload>;

/** Asymmetric signatures, which only the provider can make. A shared secret, or none at all, proves nothing. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Between the provider's clock and ours. */
const CLOCK_TOLERANCE_SECONDS = 60;
/** Shortest time between two requests for keys after tokens that no published key matches. */
const REFETCH_AFTER_MS = 30_000;
const KEYS_TIMEOUT_MS = 10_000;

/**
 * Prepares the verification with the keys that a provider publishes at `keysUrl`. They are cached for ten minutes, and
 * read again at once for a token that none of them matches: providers change their keys without notice.
 */
export function createTokenVerification(keysUrl: URL): TokenVerification {
  const published = createRemoteJWKSet(keysUrl, { timeoutDuration: KEYS_TIMEOUT_MS, cooldownDuration: Infinity });
  let lastInVainMs = Number.NEGATIVE_INFINITY;

  async function verify(idToken: string, options: JWTVerifyOptions): Promise<JWTPayload> {
    try {
      return (await jwtVerify(idToken, published, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      return await verifyWithAny(error, async (key) => (await jwtVerify(idToken, key, options)).payload);
    }
  }

  async function verifyWithNewest(idToken: string, options: JWTVerifyOptions): Promise<JWTPayload> {
    try {
      return await verify(idToken, options);
    } catch (error) {
      if (!isOfKey(error) || performance.now() - lastInVainMs < REFETCH_AFTER_MS) throw error;
    }
    await published.reload();
    try {
      return await verify(idToken, options);
    } catch (error) {
      if (isOfKey(error)) lastInVainMs = performance.now();
      throw error;
    }
  }

  return async (token, options) => {
    try {
      return await verifyWithNewest(token, {
        ...options,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
    } catch (cause) {
      if (isOfToken(cause)) throw new SignOnRefused('unusable-answer', { cause });
      throw new Problem('identity-provider-away', 'The identity provider does not answer. Try again in a moment.', {
        cause,
      });
    }
  };
}

/** Adds what id tokens have to prove to the verification of tokens. */
export function createIdTokenVerification(verify: TokenVerification): IdTokenVerification {
  return async (idToken, { issuer, audience, nonce }) => {
    const payload = await verify(idToken, { issuer, audience, requiredClaims: ['sub', 'iat', 'exp', 'nonce'] });
    if (payload.nonce !== nonce) throw new SignOnRefused('unusable-answer');
    return payload;
  };
}

/** The token names no key and the provider publishes several: one of them has to match. */
async function verifyWithAny(
  candidates: AsyncIterable<CryptoKey>,
  verify: (key: CryptoKey) => Promise<JWTPayload>,
): Promise<JWTPayload> {
  for await (const key of candidates) {
    try {
      return await verify(key);
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

function isOfKey(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed;
}

/** All other errors occurred while fetching the provider's keys. */
function isOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWTExpired ||
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    isOfKey(error) ||
    error instanceof errors.JWKSMultipleMatchingKeys
  );
}
