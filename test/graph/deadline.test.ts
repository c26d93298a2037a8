import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { withDeadline } from '../../graph/client/deadline.ts';

const TIMEOUT_MS = 5_000;

/** A server that promises more than it sends, and hangs up. */
async function startCuttingServer() {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

describe('an exchange under a deadline', () => {
  it('fails as the network does when no server listens, and when the answer breaks off', async () => {
    const { url, close } = await startCuttingServer();
    const read = async (at: string) => await (await fetch(at)).text();
    const failure = { type: 'Unavailable', reason: 'network' };
    await expect(withDeadline(TIMEOUT_MS, null, url, () => read(url))).rejects.toMatchObject(failure);
    close();
    await expect(withDeadline(TIMEOUT_MS, null, url, () => read(url))).rejects.toMatchObject({
      ...failure,
      code: 'ECONNREFUSED',
    });
  });

  it('fails as it is when the fault is in our own code', async () => {
    const nothing: { name?: string } = {};
    const exchange = async () => (nothing.name as string).length;
    await expect(withDeadline(TIMEOUT_MS, null, 'http://localhost', exchange)).rejects.toThrow(TypeError);
  });
});
