import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { connectionFailure } from '../../graph/client/connection-failure.ts';
import { ensureCertificates } from '../../simulator/certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroom-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What `fetch` throws when a connection fails. */
function failed(code: string, more: object = {}) {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('private'), { code, ...more }) });
}

const target = new URL('https://graph.microsoft.com/v1.0/me');

describe('a connection that failed', () => {
  it('over the certificate of an authority that nobody here knows leads to NODE_EXTRA_CA_CERTS', async () => {
    const { key, cert } = await ensureCertificates(folder);
    const server = createServer({ key, cert }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    const error: unknown = await fetch(url).catch((thrown: unknown) => thrown);
    server.close();
    expect(connectionFailure(error, new URL(url))).toMatchObject({
      type: 'Unavailable',
      reason: 'certificate-untrusted',
      code: expect.stringMatching(/^[A-Z_]+$/),
    });
  });

  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate-untrusted'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate-untrusted'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate-untrusted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate-untrusted'],
    ['CERT_HAS_EXPIRED', 'certificate-expired'],
    ['CERT_NOT_YET_VALID', 'certificate-expired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate-mismatch'],
    ['ECONNRESET', 'network'],
    ['UND_ERR_SOCKET', 'network'],
  ])('with %s is %s', (code, reason) => {
    expect(connectionFailure(failed(code), target)).toMatchObject({ type: 'Unavailable', reason, code });
  });

  it.each([
    ['at the port that was asked for', { port: 443 }, 'network'],
    ['at another port', { port: 3128 }, 'proxy-unreachable'],
    ['at the name that was asked for', { hostname: 'graph.microsoft.com' }, 'network'],
    ['at another name', { hostname: 'proxy.corp.example' }, 'proxy-unreachable'],
  ])('%s is one to what was asked for, or to a proxy', (_where, place, reason) => {
    expect(connectionFailure(failed('ECONNREFUSED', place), target)).toMatchObject({ reason });
  });

  it('tells nothing of hosts and texts', () => {
    const failure = connectionFailure(failed('no code at all', { hostname: 'private.example' }), target);
    expect(JSON.stringify(failure) + failure?.message + failure?.stack).not.toContain('private');
  });

  it('is none when the fault is in our own code', () => {
    expect(connectionFailure(new TypeError('x is not a function'), target)).toBeUndefined();
    expect(connectionFailure(new Error('fetch failed', { cause: new Error() }), target)).toBeUndefined();
  });
});
