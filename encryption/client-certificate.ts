import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

/** A certificate with its private key: Mailroom proves by it who it is, instead of by a secret that is sent along. */
export interface ClientCertificate {
  /** PEM of this one certificate; public. */
  readonly certificate: string;
  /** PEM, PKCS#8. */
  readonly privateKey: string;
}

/** What a certificate says of itself. */
export interface CertificateFacts {
  /** SHA-1 in upper-case hex: as Entra lists certificates. */
  readonly thumbprint: string;
  /** SHA-256 in upper-case hex. */
  readonly thumbprintSha256: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

/** Shorter ones are refused by Entra and by RFC 7518, section 3.3. */
const LEAST_RSA_BITS = 2_048;
/** The one curve of ES256, which providers accept most. */
const CURVE = 'prime256v1';
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----[^-]+-----END ([A-Z]+ )?PRIVATE KEY-----/;
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/;

/** What is wrong with the text of certificates, in words that continue a name; undefined: nothing. */
export function certificateProblem(text: string): string | undefined {
  if (isBinary(text)) return BINARY;
  const found = text.match(CERTIFICATE) ?? [];
  if (found.length === 0) {
    return PRIVATE_KEY.test(text) ? 'holds a private key and no certificate' : 'holds no certificate in PEM';
  }
  return found.every((pem) => readable(() => new X509Certificate(pem))) ? undefined : 'holds a damaged certificate';
}

/** What is wrong with the text of a private key, in words that continue a name; undefined: nothing. */
export function signingKeyProblem(text: string): string | undefined {
  if (isBinary(text)) return BINARY;
  if (ENCRYPTED.test(text)) {
    return 'holds a private key with a passphrase; take it off with: openssl pkey -in FILE -out NEW_FILE';
  }
  const [pem] = PRIVATE_KEY.exec(text) ?? [];
  if (pem === undefined) {
    return /BEGIN CERTIFICATE/.test(text) ? 'holds a certificate and no private key' : 'holds no private key in PEM';
  }
  const key = readable(() => createPrivateKey(pem));
  if (!key) return 'holds a damaged private key';
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') {
    return modulusLength < LEAST_RSA_BITS
      ? `holds an RSA key of ${modulusLength} bits; at least ${LEAST_RSA_BITS} are needed`
      : undefined;
  }
  if (key.asymmetricKeyType === 'ec' && namedCurve === CURVE) return undefined;
  const kind = [key.asymmetricKeyType, namedCurve].filter((part) => part !== undefined).join(' ');
  return `holds a key of the kind ${kind}; RSA is needed`;
}

/** True for RSA, which Entra requires. */
export function isRsa({ privateKey }: Pick<ClientCertificate, 'privateKey'>): boolean {
  return createPrivateKey(privateKey).asymmetricKeyType === 'rsa';
}

/**
 * The certificate that belongs to a private key, among those of a file, which may hold its whole chain; undefined: none
 * does. Both texts have no problem of their own.
 */
export function matchCertificate(certificates: string, key: string): ClientCertificate | undefined {
  const privateKey = signingKey(key);
  const certificate = (certificates.match(CERTIFICATE) ?? []).find((pem) =>
    new X509Certificate(pem).checkPrivateKey(privateKey),
  );
  return certificate === undefined ? undefined : { certificate, privateKey: pkcs8Of(privateKey) };
}

/** A private key in the form of PKCS#8, whichever its own is. Its text has no problem. */
export function normaliseKey(key: string): string {
  return pkcs8Of(signingKey(key));
}

export function certificateFacts(certificate: string): CertificateFacts {
  const { raw, validFrom, validTo } = new X509Certificate(certificate);
  const thumbprint = (algorithm: string) => createHash(algorithm).update(raw).digest('hex').toUpperCase();
  return {
    thumbprint: thumbprint('sha1'),
    thumbprintSha256: thumbprint('sha256'),
    validFrom: new Date(validFrom),
    validTo: new Date(validTo),
  };
}

const BINARY = 'is binary, such as DER (.cer, .der) or PKCS#12 (.pfx, .p12); convert it to PEM with openssl';

/** Bytes that are no text arrive as replacement characters. */
function isBinary(text: string): boolean {
  return text.includes('\ufffd') || text.includes('\0');
}

function signingKey(text: string): KeyObject {
  const [pem = ''] = PRIVATE_KEY.exec(text) ?? [];
  return createPrivateKey(pem);
}

function pkcs8Of(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
