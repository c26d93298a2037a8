import * as client from 'openid-client';
import { type ClientProof, isUnknownClient } from './client-proof.ts';

/**
 * Authenticates the client by its secret, in the body of the request or in its Authorization header. Both are common, a
 * provider may accept only one, and which one depends on its settings of the client: so it is found by trying.
 */
export function createClientSecret(secret: string): ClientProof {
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
