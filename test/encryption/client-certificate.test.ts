import { createHash, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  certificateFacts,
  certificateProblem,
  isRsa,
  matchCertificate,
  signingKeyProblem,
} from '../../encryption/client-certificate.ts';
import { makeClientCertificate, type TestCertificate } from '../simulator/client-certificate.ts';

let ours: TestCertificate;
let other: TestCertificate;
let curve: TestCertificate;
beforeAll(async () => {
  [ours, other, curve] = await Promise.all([
    makeClientCertificate(),
    makeClientCertificate(),
    makeClientCertificate({ namedCurve: 'P-256' }),
  ]);
});

const asText = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

describe('a certificate with its private key', () => {
  it('is found among those of a chain, in either order, and also where one file holds all of it', () => {
    for (const chain of [`${other.pem}\n${ours.pem}\n`, `${ours.pem}\n${other.pem}\n`]) {
      expect(certificateProblem(chain)).toBeUndefined();
      expect(matchCertificate(chain, ours.keyPem)?.certificate).toBe(ours.pem);
    }
    const all = `${ours.keyPem}${ours.pem}\n${other.pem}`;
    expect([certificateProblem(all), signingKeyProblem(all)]).toEqual([undefined, undefined]);
    expect(matchCertificate(all, all)).toEqual({ certificate: ours.pem, privateKey: ours.keyPem });
    expect(matchCertificate(other.pem, ours.keyPem)).toBeUndefined();
  });

  it('is the same whichever form the key has', () => {
    for (const type of ['pkcs1', 'pkcs8'] as const) {
      const key = ours.privateKey.export({ format: 'pem', type }).toString().replaceAll('\n', '\r\n');
      expect(signingKeyProblem(key)).toBeUndefined();
      expect(matchCertificate(ours.pem, key)?.privateKey).toBe(ours.keyPem);
    }
    const sec1 = curve.privateKey.export({ format: 'pem', type: 'sec1' }).toString();
    expect(signingKeyProblem(sec1)).toBeUndefined();
    expect([isRsa({ privateKey: ours.keyPem }), isRsa({ privateKey: curve.keyPem })]).toEqual([true, false]);
  });

  it('says which it is, and when it is valid', () => {
    const { raw, validFrom, validTo } = new X509Certificate(ours.pem);
    expect(certificateFacts(ours.pem)).toMatchObject({
      thumbprint: createHash('sha1').update(raw).digest('hex').toUpperCase(),
      thumbprintSha256: Buffer.from(ours.thumbprint, 'base64url').toString('hex').toUpperCase(),
      validFrom: new Date(validFrom),
      validTo: new Date(validTo),
    });
  });
});

describe('what is no certificate or no usable key', () => {
  it('is named for what it is', async () => {
    const small = await makeClientCertificate({ modulusLength: 1024 });
    const p384 = await makeClientCertificate({ namedCurve: 'P-384' });
    const cipher = { cipher: 'aes-256-cbc', passphrase: 'x' };
    const encrypted = (type: 'pkcs1' | 'pkcs8') =>
      ours.privateKey.export({ format: 'pem', type, ...cipher }).toString();
    const der = asText(new X509Certificate(ours.pem).raw);
    const derKey = asText(ours.privateKey.export({ format: 'der', type: 'pkcs8' }));
    const damaged = ours.pem.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA');
    const wide = asText(Buffer.from(ours.pem, 'utf16le'));
    const chain = `${ours.pem}\n${damaged}`;
    expect([der, wide, ours.keyPem, 'nonsense', damaged, chain].map(certificateProblem)).toEqual([
      expect.stringMatching(/is binary.*DER.*PKCS#12.*PEM/),
      expect.stringMatching(/is binary/),
      'holds a private key and no certificate',
      'holds no certificate in PEM',
      'holds a damaged certificate',
      'holds a damaged certificate',
    ]);
    const keys = [derKey, encrypted('pkcs1'), encrypted('pkcs8'), ours.pem, 'nonsense', small.keyPem, p384.keyPem];
    expect(keys.map(signingKeyProblem)).toEqual([
      expect.stringMatching(/is binary/),
      expect.stringMatching(/passphrase; take it off/),
      expect.stringMatching(/passphrase; take it off/),
      'holds a certificate and no private key',
      'holds no private key in PEM',
      'holds an RSA key of 1024 bits; at least 2048 are needed',
      'holds a key of the kind ec secp384r1; RSA is needed',
    ]);
  });
});
