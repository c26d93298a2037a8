import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** Our servers listen on the first; a browser may resolve `localhost` to the second. */
const loopbacks = ['127.0.0.1', '::1'];

/**
 * Why none of our servers can listen on a port now, on any address of `localhost`: it is in use, or not permitted.
 * Undefined when it is free.
 */
export async function portProblem(port: number): Promise<'taken' | 'forbidden' | undefined> {
  for (const host of loopbacks) {
    try {
      await close(await listen(host, port));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // A machine without IPv6 refuses its address, which does not mean that the port is in use.
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') continue;
      return code === 'EACCES' || code === 'EPERM' ? 'forbidden' : 'taken';
    }
  }
  return undefined;
}

/** Below the range for outgoing connections, which could take a free port at any time. */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;

/**
 * Free loopback ports, all different, for programs that need their port before they listen. Another program may take
 * one at any time.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT);
    if ((await portProblem(port)) === undefined) ports.add(port);
  }
  return [...ports];
}

function listen(host: string, port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
