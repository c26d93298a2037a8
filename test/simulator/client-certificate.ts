import 'reflect-metadata';
import { createHash, createPrivateKey, type KeyObject, type webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';

export interface TestCertificate {
  readonly pem: string;
  readonly privateKey: KeyObject;
  /** PKCS#8 in PEM. */
  readonly keyPem: string;
  /** SHA-256, as base64url: what an assertion names in `x5t#S256`. */
  readonly thumbprint: string;
}

interface CertificateOptions {
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly modulusLength?: number;
  /** An elliptic curve instead of RSA. */
  readonly namedCurve?: string;
}

/** A self-signed certificate, of RSA by default, such as an app registration holds for private_key_jwt. */
export async function makeClientCertificate({
  notBefore = new Date(Date.now() - 60_000),
  notAfter = new Date(Date.now() + 30 * 86_400_000),
  modulusLength = 2048,
  namedCurve,
}: CertificateOptions = {}): Promise<TestCertificate> {
  const rsa = { name: 'RSASSA-PKCS1-v1_5', publicExponent: new Uint8Array([1, 0, 1]), modulusLength };
  const algorithm = { ...(namedCurve === undefined ? rsa : { name: 'ECDSA', namedCurve }), hash: 'SHA-256' };
  const keys = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=A client',
    notBefore,
    notAfter,
    keys,
    signingAlgorithm: algorithm,
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  return {
    pem: certificate.toString('pem'),
    privateKey,
    keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    thumbprint: createHash('sha256').update(Buffer.from(certificate.rawData)).digest('base64url'),
  };
}
