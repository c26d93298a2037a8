import 'reflect-metadata';
import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';

export interface ClientCertificate {
  readonly pem: string;
  readonly privateKey: KeyObject;
  /** SHA-256, as base64url: what an assertion names in `x5t#S256`. */
  readonly thumbprint: string;
}

/** A self-signed RSA certificate, such as an app registration holds for private_key_jwt. */
export async function makeClientCertificate(): Promise<ClientCertificate> {
  const name = 'RSASSA-PKCS1-v1_5';
  const algorithm = { name, hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=A client',
    keys,
    signingAlgorithm: algorithm,
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  return {
    pem: certificate.toString('pem'),
    privateKey: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
    thumbprint: createHash('sha256').update(Buffer.from(certificate.rawData)).digest('base64url'),
  };
}
