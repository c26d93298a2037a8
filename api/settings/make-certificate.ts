// @peculiar/x509 throws unless this is imported first.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { ClientCertificate } from '../../encryption/client-certificate.ts';

const DAY_MS = 86_400_000;
/** A year: warnings come in time, and nothing else reminds of a key that never changes. */
const VALID_FOR_MS = 365 * DAY_MS;
/** Clocks differ. */
const VALID_SINCE_MS = 3_600_000;
/** 3,072 bits are for keys that are used beyond 2030 (NIST SP 800-57, part 1). */
const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 3_072,
  publicExponent: new Uint8Array([1, 0, 1]),
};

/** Makes a key pair and a certificate that it signs itself: Entra compares what was uploaded, and asks no authority. */
export async function makeCertificate(): Promise<ClientCertificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const nowMs = Date.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Mailroom',
    notBefore: new Date(nowMs - VALID_SINCE_MS),
    notAfter: new Date(nowMs + VALID_FOR_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    certificate: certificate.toString('pem').trim(),
    privateKey: `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`,
  };
}

/** Serial numbers are positive (RFC 5280, section 4.1.2.2): the first bit stays clear. */
function serialNumber(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
