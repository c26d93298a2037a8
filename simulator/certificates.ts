// @peculiar/x509 throws unless this is imported first.
import 'reflect-metadata';
import { X509Certificate as NodeCertificate, webcrypto } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** Names under which clients may reach the simulator over TLS: loopback, and Microsoft's hosts in every cloud. */
const HOST_NAMES = [
  'localhost',
  'simulator',
  'host.docker.internal',
  'login.microsoftonline.com',
  'login.windows.net',
  'login.microsoft.com',
  'sts.windows.net',
  'graph.microsoft.com',
  'login.microsoftonline.us',
  'graph.microsoft.us',
  'dod-graph.microsoft.us',
  'login.partner.microsoftonline.cn',
  'login.chinacloudapi.cn',
  'microsoftgraph.chinacloudapi.cn',
];
const ADDRESSES = ['127.0.0.1', '::1'];

const DAY_MS = 24 * 3_600_000;
/** Clients remember the authority (NODE_EXTRA_CA_CERTS), so it lives long; server certificates are renewed. */
const AUTHORITY_LIFETIME_MS = 3_650 * DAY_MS;
/** Some platforms refuse server certificates of more than 398 days. */
const SERVER_LIFETIME_MS = 397 * DAY_MS;
const RENEWED_BEFORE_MS = 30 * DAY_MS;

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface Certificates {
  /** The file to trust: `NODE_EXTRA_CA_CERTS` for Node, the trust store of other clients. */
  readonly authorityFile: string;
  /** PEM: the server's private key, and its certificate followed by the authority's. */
  readonly key: string;
  readonly cert: string;
}

interface Signer {
  readonly certificate: string;
  readonly privateKey: string;
}

/**
 * The simulator's certificate authority and server certificate, kept in a directory of PEM files. Created where they
 * are missing; the server certificate also when it is about to expire or lacks a name. Private keys are readable only
 * by their owner: the authority's key is enough to impersonate Microsoft to clients that trust it.
 */
export async function ensureCertificates(directory: string): Promise<Certificates> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const authority = (await readSigner(directory, 'authority', isUsable)) ?? (await makeAuthority(directory));
  const belongs = (certificate: NodeCertificate) =>
    isUsable(certificate) &&
    hasAllNames(certificate) &&
    certificate.verify(new NodeCertificate(authority.certificate).publicKey);
  const server = (await readSigner(directory, 'server', belongs)) ?? (await makeServer(directory, authority));
  return {
    authorityFile: join(directory, 'authority.pem'),
    key: server.privateKey,
    cert: `${server.certificate.trim()}\n${authority.certificate.trim()}\n`,
  };
}

async function makeAuthority(directory: string): Promise<Signer> {
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Mailroom simulator authority,O=Mailroom simulator',
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + AUTHORITY_LIFETIME_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return store(directory, 'authority', certificate.toString('pem'), keys.privateKey);
}

async function makeServer(directory: string, authority: Signer): Promise<Signer> {
  const keys = await makeKeys();
  const issuer = new NodeCertificate(authority.certificate);
  const issuerKey = await importSpki(issuer);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=Mailroom simulator',
    issuer: 'CN=Mailroom simulator authority,O=Mailroom simulator',
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + SERVER_LIFETIME_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await importPkcs8(authority.privateKey),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        ...HOST_NAMES.map((value) => ({ type: 'dns' as const, value })),
        ...ADDRESSES.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuerKey),
    ],
  });
  return store(directory, 'server', certificate.toString('pem'), keys.privateKey);
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function importSpki(certificate: NodeCertificate): Promise<webcrypto.CryptoKey> {
  const spki = certificate.publicKey.export({ format: 'der', type: 'spki' });
  return webcrypto.subtle.importKey('spki', spki, ALGORITHM, true, ['verify']);
}

function importPkcs8(pem: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
}

/** Serial numbers are positive (RFC 5280 section 4.1.2.2): the first bit stays clear. */
function serialNumber(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function isUsable(certificate: NodeCertificate): boolean {
  return Date.parse(certificate.validTo) - RENEWED_BEFORE_MS > Date.now();
}

function hasAllNames(certificate: NodeCertificate): boolean {
  return (
    HOST_NAMES.every((name) => certificate.checkHost(name) !== undefined) &&
    ADDRESSES.every((address) => certificate.checkIP(address) !== undefined)
  );
}

/** Reads a key and its certificate; undefined where they are missing, broken or no longer usable. */
async function readSigner(
  directory: string,
  name: string,
  accepts: (certificate: NodeCertificate) => boolean,
): Promise<Signer | undefined> {
  try {
    const certificate = await readFile(join(directory, `${name}.pem`), 'utf8');
    const privateKey = await readFile(join(directory, `${name}-key.pem`), 'utf8');
    return accepts(new NodeCertificate(certificate)) ? { certificate, privateKey } : undefined;
  } catch {
    return undefined;
  }
}

async function store(directory: string, name: string, certificate: string, key: webcrypto.CryptoKey): Promise<Signer> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  const privateKey = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
  await writeWhole(join(directory, `${name}-key.pem`), privateKey, 0o600);
  await writeWhole(join(directory, `${name}.pem`), `${certificate.trim()}\n`, 0o644);
  return { certificate, privateKey };
}

/** Writes atomically: readers see the old content or the new, never half of it. */
async function writeWhole(path: string, content: string, mode: number): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  await writeFile(unfinished, content, { mode });
  await rename(unfinished, path);
}
