import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import * as client from 'openid-client';
import type { OidcClientKey } from '../../config/environment.ts';
import { certificateFacts } from '../../encryption/client-certificate.ts';
import { type ClientProof, isUnknownClient } from './client-proof.ts';

/** Requests take seconds; clocks differ by more. Entra allows ten minutes. */
const VALID_FOR_SECONDS = 300;
/** Providers refuse what was made in their future, many without any tolerance. */
const MADE_BEFORE_SECONDS = 30;

const algorithms = {
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
} as const;
type Algorithm = keyof typeof algorithms;

/**
 * Authenticates the client by a signature of its private key (`private_key_jwt`, RFC 7523). The audience is the issuer, as
 * OpenID Connect and its successors want it, or the token endpoint, as Entra and older providers do: which one is found by
 * trying, as the provider judges it before it looks at the code. Entra finds the certificate by its thumbprint, others the key
 * by its id.
 */
export function createClientKey({ privateKey, certificate, keyId }: OidcClientKey): ClientProof {
  const der = createPrivateKey(privateKey).export({ format: 'der', type: 'pkcs8' });
  let audience: 'issuer' | 'token-endpoint' = 'issuer';
  let isEntra = false;

  async function authenticate(...given: Parameters<client.ClientAuth>): Promise<void> {
    const [server] = given;
    isEntra = 'cloud_instance_name' in server;
    const algorithm = chooseAlgorithm(privateKey, server);
    const key = await webcrypto.subtle.importKey('pkcs8', der, algorithms[algorithm], false, ['sign']);
    const kid = isEntra ? undefined : (keyId ?? (await publicKey()).kid);
    const sign = client.PrivateKeyJwt(kid === undefined ? key : { key, kid }, {
      [client.modifyAssertion]: (header, payload) => {
        const madeAt = Math.floor(Date.now() / 1_000) - MADE_BEFORE_SECONDS;
        Object.assign(payload, { iat: madeAt, nbf: madeAt, exp: madeAt + VALID_FOR_SECONDS });
        if (isEntra || audience === 'token-endpoint') payload.aud = server.token_endpoint ?? server.issuer;
        Object.assign(header, { typ: 'JWT' }, certificate && thumbprintsOf(certificate));
      },
    });
    await sign(...given);
  }

  async function publicKey(): Promise<JWK & { readonly kid: string }> {
    const jwk = await exportJWK(createPublicKey(privateKey));
    const kid = keyId ?? (await calculateJwkThumbprint(jwk));
    return { ...jwk, kid, use: 'sig', ...(certificate && thumbprintsOf(certificate)) };
  }

  return {
    authentication: authenticate,
    async run(request) {
      try {
        return await request();
      } catch (error) {
        if (isEntra || !isUnknownClient(error)) throw error;
        audience = audience === 'issuer' ? 'token-endpoint' : 'issuer';
        return await request();
      }
    },
    publicKey,
  };
}

/** PS256 for Entra, which prefers it, and where a provider names it; otherwise RS256, which every provider has. */
function chooseAlgorithm(privateKey: string, server: client.ServerMetadata): Algorithm {
  if (createPrivateKey(privateKey).asymmetricKeyType === 'ec') return 'ES256';
  const named = server.token_endpoint_auth_signing_alg_values_supported;
  const takesPss = 'cloud_instance_name' in server || (Array.isArray(named) && named.includes('PS256'));
  return takesPss ? 'PS256' : 'RS256';
}

/** RFC 7515, sections 4.1.7 and 4.1.8. */
function thumbprintsOf(certificate: string) {
  const { thumbprint, thumbprintSha256 } = certificateFacts(certificate);
  const encode = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');
  return { 'x5t#S256': encode(thumbprintSha256), x5t: encode(thumbprint) };
}
