import * as client from 'openid-client';

export interface ClientSecret {
  /** For openid-client: sends the secret in the currently selected way. */
  readonly authentication: client.ClientAuth;
  /**
   * Runs a request to the token endpoint, and repeats it the other way when the provider rejects the client. The
   * repetition is safe: a provider authenticates the client before it looks at the code.
   */
  run<Result>(request: () => Promise<Result>): Promise<Result>;
}

/**
 * Authenticates the client by its secret, in the body of the request or in its Authorization header. Both are common, a
 * provider may accept only one, and which one depends on its settings of the client: so it is found by trying.
 */
export function createClientSecret(secret: string): ClientSecret {
  const ways = [client.ClientSecretPost(secret), client.ClientSecretBasic(secret)] as const;
  let way: 0 | 1 = 0;
  return {
    authentication: (...given) => ways[way](...given),
    async run(request) {
      try {
        return await request();
      } catch (error) {
        if (!isUnknownClient(error)) throw error;
        way = way === 0 ? 1 : 0;
        return await request();
      }
    },
  };
}

/** RFC 6749, section 5.2: `invalid_client`, or a challenge to authenticate in the header. */
export function isUnknownClient(error: unknown): boolean {
  if (error instanceof client.WWWAuthenticateChallengeError) return true;
  return error instanceof client.ResponseBodyError && error.error === 'invalid_client';
}
