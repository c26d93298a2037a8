import type { JWK } from 'jose';
import * as client from 'openid-client';

/** How Mailroom proves itself to the identity provider. */
export interface ClientProof {
  /** For openid-client: in the currently selected way. */
  readonly authentication: client.ClientAuth;
  /**
   * Runs a request to the token endpoint, and repeats it the other way when the provider rejects the client. The
   * repetition is safe: a provider authenticates the client before it looks at the code.
   */
  run<Result>(request: () => Promise<Result>): Promise<Result>;
  /** The public key of a key; undefined for a secret. */
  readonly publicKey?: () => Promise<JWK>;
}

/** RFC 6749, section 5.2: `invalid_client`, or a challenge to authenticate in the header. */
export function isUnknownClient(error: unknown): boolean {
  if (error instanceof client.WWWAuthenticateChallengeError) return true;
  return error instanceof client.ResponseBodyError && error.error === 'invalid_client';
}
