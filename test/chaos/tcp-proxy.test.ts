import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../../chaos/network/tcp-proxy.ts';
import { eventually } from '../support/eventually.ts';

let echo: Server;
let proxy: TcpProxy;
let client: Socket;
let heard: string;
const atServer = new Set<Socket>();

beforeEach(async () => {
  heard = '';
  echo = createServer((socket) => {
    atServer.add(socket);
    socket.on('error', () => {}).on('close', () => atServer.delete(socket));
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const address = echo.address();
  proxy = await startTcpProxy({ host: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 });
  client = await dial();
});
afterEach(async () => {
  client.destroy();
  await proxy.close();
  for (const socket of atServer) socket.destroy();
  echo.close();
});

async function dial(): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: proxy.port });
  socket
    .on('error', () => {})
    .on('data', (bytes) => {
      heard += bytes;
    });
  await once(socket, 'connect');
  return socket;
}
const hears = (text: string) => eventually(() => expect(heard).toBe(text));

describe('a connection through the proxy', () => {
  it('passes both ways', async () => {
    client.write('there');
    await hears('there');
  });

  it('passes nothing while it is held, and everything afterwards', async () => {
    client.write('before ');
    await hears('before ');
    proxy.hold();
    client.write('held ');
    const late = await dial();
    late.write('late');
    // Another way to the server is quick: what does not come by now is held.
    const port = (echo.address() as { port: number }).port;
    const direct = connect({ host: '127.0.0.1', port });
    direct.write('direct');
    await once(direct, 'data');
    direct.destroy();
    expect(heard).toBe('before ');
    proxy.release();
    await eventually(() => expect(heard).toHaveLength('before held late'.length));
    expect(heard).toContain('held ');
    late.destroy();
  });

  it('passes each byte once where it is released without being held, as everything is in the end', async () => {
    client.write('before ');
    await hears('before ');
    proxy.release();
    proxy.hold();
    proxy.release();
    proxy.release();
    client.write('once ');
    await hears('before once ');
    client.write('and on');
    await hears('before once and on');
  });

  it('hides from the server, while it is held, that the client is gone', async () => {
    client.write('there');
    await hears('there');
    proxy.hold();
    client.destroy();
    await once(client, 'close');
    expect(atServer.size).toBe(1);
    proxy.release();
    await eventually(() => expect(atServer.size).toBe(0));
  });

  it('breaks when it is cut, and another can be made once it is restored', async () => {
    client.write('there');
    await hears('there');
    await proxy.cut();
    await eventually(() => expect(client.destroyed).toBe(true));
    await proxy.restore();
    const next = await dial();
    next.write(' again');
    await hears('there again');
    next.destroy();
  });
});
