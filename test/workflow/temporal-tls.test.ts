import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { createServer, type Server } from 'node:tls';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openTemporalClient, temporalAnswers } from '../../temporal/client.ts';
import type { TemporalServer } from '../../temporal/server-address.ts';
import { connectToTemporal } from '../../worker/connection.ts';
import { aKeyRing } from '../support/builders.ts';
import { type Authority, aCertificateAuthority, type Certificate } from '../support/certificates.ts';

const SERVER_NAME = 'temporal.contoso.example';
let authority: Authority;
let client: Certificate;
let front: Server;
let good: TemporalServer;

/** In front of the real server: TLS that asks for a client's certificate. */
beforeAll(async () => {
  authority = await aCertificateAuthority();
  const [server, mailroom] = await Promise.all([authority.issue(SERVER_NAME), authority.issue('mailroom')]);
  client = mailroom;
  const [host = '', port] = inject('temporalAddress').split(':');
  front = createServer(
    {
      cert: server.certificate,
      key: server.key,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: true,
      ALPNProtocols: ['h2'],
    },
    (socket) => {
      const behind = connect(Number(port), host);
      socket.pipe(behind).pipe(socket);
      for (const each of [socket, behind]) {
        each.on('error', () => {});
        each.on('close', () => {
          socket.destroy();
          behind.destroy();
        });
      }
    },
  );
  front.on('tlsClientError', () => {});
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  good = {
    address: `127.0.0.1:${(front.address() as AddressInfo).port}`,
    tls: { ca: authority.certificate, client, serverName: SERVER_NAME },
  };
});
afterAll(async () => {
  front.close();
});

/** As the API finds out whether Temporal answers. */
async function apiReaches(server: TemporalServer): Promise<boolean> {
  const opened = openTemporalClient({ ...server, namespace: 'default', keys: aKeyRing() });
  try {
    return await temporalAnswers(opened, 5_000);
  } finally {
    await opened.connection.close();
  }
}

/** As a worker connects; false after its first attempt. */
async function workerReaches(server: TemporalServer): Promise<boolean> {
  const stop = new AbortController();
  const logger = pino({ level: 'silent' });
  logger.warn = () => stop.abort();
  const connection = await connectToTemporal({ ...server, namespace: 'default' }, logger, stop.signal);
  await connection?.close();
  return connection !== undefined;
}

describe('Temporal behind TLS', () => {
  it('is reached with its authority, our certificate and its name', async () => {
    expect([await apiReaches(good), await workerReaches(good)]).toEqual([true, true]);
  });

  it.each<[string, () => Promise<TemporalServer> | TemporalServer]>([
    ['by a plain connection', () => ({ address: good.address })],
    ['when its authority is unknown', () => ({ ...good, tls: { ca: undefined, client, serverName: SERVER_NAME } })],
    [
      'when another authority is named',
      async () => ({
        ...good,
        tls: { ca: (await aCertificateAuthority('Another')).certificate, client, serverName: SERVER_NAME },
      }),
    ],
    [
      'when its certificate names another host',
      () => ({ ...good, tls: { ...good.tls, serverName: 'x.example' } as never }),
    ],
    ['without our certificate', () => ({ ...good, tls: { ...good.tls, client: undefined } as never })],
  ])('is not reached %s', async (_what, make) => {
    const server = await make();
    expect([await apiReaches(server), await workerReaches(server)]).toEqual([false, false]);
  });

  it('gets the API key with every request, by client and worker', async () => {
    const server = await authority.issue('localhost');
    const keys = new Set<string | undefined>();
    const cloud = createSecureServer({ cert: server.certificate, key: server.key });
    cloud.on('stream', (stream, headers) => {
      keys.add(headers.authorization);
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      // An answer without fields; for the health check, `SERVING`.
      const isHealth = headers[':path']?.includes('Health') === true;
      stream.end(Buffer.from(isHealth ? [0, 0, 0, 0, 2, 8, 1] : [0, 0, 0, 0, 0]));
    });
    cloud.listen(0, '127.0.0.1');
    await once(cloud, 'listening');
    try {
      const at = {
        address: `localhost:${(cloud.address() as AddressInfo).port}`,
        tls: { ca: authority.certificate, client: undefined, serverName: undefined },
        apiKey: 'a-key-of-temporal-cloud',
      };
      expect([await apiReaches(at), await workerReaches(at)]).toEqual([true, true]);
      expect([...keys]).toEqual(['Bearer a-key-of-temporal-cloud']);
    } finally {
      cloud.close();
    }
  });
});
