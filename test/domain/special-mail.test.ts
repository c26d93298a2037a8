import { describe, expect, it } from 'vitest';
import { type PossiblySpecial, specialKindOf } from '../../domain/special-mail.ts';

const mail = (given: Partial<PossiblySpecial>) =>
  specialKindOf({ headers: null, meeting: null, attachments: [], bodyText: '', ...given });
const withPart = (name: string, contentType: string | null = 'application/octet-stream') =>
  mail({ attachments: [{ name, contentType }] });
const withType = (value: string) => mail({ headers: [{ name: 'Content-Type', value }] });

describe('mail that PGP made', () => {
  it.each([
    ['-----BEGIN PGP MESSAGE-----\n\nhQEMA…\n-----END PGP MESSAGE-----', 'pgp-encrypted'],
    ['Hello,\r\n\r\n-----BEGIN PGP MESSAGE-----\r\nVersion: GnuPG v2\r\n\r\nhQEMA…', 'pgp-encrypted'],
    ['  -----BEGIN PGP SIGNED MESSAGE-----  \nHash: SHA512\n\nHello\n-----BEGIN PGP SIGNATURE-----', 'pgp-signed'],
    ['> -----BEGIN PGP MESSAGE-----\n> hQEMA…\n\nI cannot open this.', null],
    ['A block begins with -----BEGIN PGP MESSAGE----- and so on', null],
    ['-----BEGIN PGP MESSAGE----- begins a block', null],
    ['-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENB…', null],
  ])('is known by whole lines of its text: %j', (bodyText, kind) => {
    expect(mail({ bodyText })).toBe(kind);
  });

  it('is not encrypted because a key is attached', () => {
    expect(withPart('0x1234.asc', 'application/pgp-keys')).toBeNull();
    expect(withPart('encrypted.asc')).toBe('pgp-encrypted');
    expect(withPart('signature.asc', 'application/pgp-signature')).toBe('pgp-signed');
  });

  it('is looked for in a long text within moments', () => {
    const startedAt = performance.now();
    expect(mail({ bodyText: ' '.repeat(1_000_000) })).toBeNull();
    expect(mail({ bodyText: '-----BEGIN PGP\n'.repeat(100_000) })).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('mail in an envelope of S/MIME', () => {
  it.each([
    ['application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"', 'signed'],
    ['application/x-pkcs7-mime; smime-type=enveloped-data', 'encrypted'],
    ['application/pkcs7-mime; smime-type=authEnveloped-data', 'encrypted'],
    ['application/pkcs7-mime; smime-type=certs-only', 'signed'],
    ['application/pkcs7-mime; smime-type=compressed-data', 'smime'],
    ['application/x-pkcs7-mime; name=smime.p7m', 'smime'],
    ['multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256', 'signed'],
  ])('is what its type says, and no more: %s', (value, kind) => {
    expect(withType(value)).toBe(kind);
  });

  it('is signed or encrypted where only the name of the file is known', () => {
    expect(withPart('smime.p7m', null)).toBe('smime');
    expect(withPart('smime.p7m', 'multipart/signed')).toBe('signed');
    expect(withPart('smime.p7s')).toBe('signed');
    expect(withPart('signature', 'application/x-pkcs7-signature')).toBe('signed');
  });
});

describe('a report', () => {
  it.each([
    ['delivery-status', 'delivery-report'],
    ['disposition-notification', 'read-receipt'],
    ['feedback-report', null],
  ])('of the type %s is %s', (type, kind) => {
    expect(withType(`multipart/report; report-type=${type}; boundary=x`)).toBe(kind);
  });
});

describe('mail that Outlook packed', () => {
  it.each([
    ['winmail.dat', 'application/octet-stream'],
    ['WINMAIL.DAT', null],
    ['att00001.dat', 'application/ms-tnef'],
    ['part', 'application/vnd.ms-tnef; name=part'],
  ])('is known by its file: %s of type %s', (name, contentType) => {
    expect(withPart(name, contentType)).toBe('outlook-package');
  });
});
