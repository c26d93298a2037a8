import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ForwardProxy extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** What it was asked to CONNECT to, with the user of each. */
  readonly asked: { readonly host: string; readonly user: string | undefined }[];
}

/**
 * A forward proxy as companies have it: asked to CONNECT to any host it leads to `port` of this machine, or answers with
 * `refusal`.
 */
export async function startForwardProxy(options: {
  readonly port: number;
  readonly refusal?: number;
}): Promise<ForwardProxy> {
  const asked: { host: string; user: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => response.writeHead(400).end());
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.on('connect', (request, socket) => {
    const basic = /^Basic (.+)$/.exec(request.headers['proxy-authorization'] ?? '')?.[1];
    const user = basic === undefined ? undefined : Buffer.from(basic, 'base64').toString().split(':')[0];
    asked.push({ host: request.url ?? '', user });
    if (options.refusal !== undefined) {
      socket.end(`HTTP/1.1 ${options.refusal} Refused\r\nproxy-authenticate: Basic realm="proxy"\r\n\r\n`);
      return;
    }
    const upstream = connect(options.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    sockets.add(upstream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    asked,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
