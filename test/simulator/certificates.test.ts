import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureCertificates } from '../../simulator/certificates.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificates-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('names loopback and the hosts of Microsoft, signed by an authority that signs nothing else by itself', async () => {
  const { cert } = await ensureCertificates(folder);
  const [server, authority] = cert
    .split(/(?<=-----END CERTIFICATE-----)\n(?=-)/)
    .map((pem) => new X509Certificate(pem));
  expect(server?.checkHost('localhost')).toBe('localhost');
  expect(server?.checkHost('login.microsoftonline.com')).toBe('login.microsoftonline.com');
  expect(server?.checkHost('graph.microsoft.com')).toBe('graph.microsoft.com');
  expect(server?.checkHost('example.com')).toBeUndefined();
  expect(server?.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(server?.ca).toBe(false);
  expect(authority?.ca).toBe(true);
  expect(authority && server?.checkIssued(authority) && server.verify(authority.publicKey)).toBe(true);
});

test('keeps both over a restart, and their keys from other users of the machine', async () => {
  const first = await ensureCertificates(folder);
  expect(await ensureCertificates(folder)).toEqual(first);
  for (const name of ['authority-key.pem', 'server-key.pem']) {
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  }
});

test('makes a broken server certificate anew under the same authority, and both when the authority is gone', async () => {
  const first = await ensureCertificates(folder);
  await writeFile(join(folder, 'server.pem'), 'broken');
  const second = await ensureCertificates(folder);
  expect(second.cert).not.toBe(first.cert);
  expect(second.cert.split('-----BEGIN')[2]).toBe(first.cert.split('-----BEGIN')[2]);
  await rm(join(folder, 'authority.pem'));
  const third = await ensureCertificates(folder);
  expect(third.cert.split('-----BEGIN')[2]).not.toBe(first.cert.split('-----BEGIN')[2]);
  expect(third.key).not.toBe(second.key);
});
