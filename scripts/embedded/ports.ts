import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** Servers of ours listen on the first; a browser that is told `localhost` may ask the second. */
const loopbacks = ['127.0.0.1', '::1'];

/**
 * What keeps a server of ours from listening on a port now, where `localhost` reaches it: another has it, or we may not;
 * undefined when it is free.
 */
export async function portProblem(port: number): Promise<'taken' | 'forbidden' | undefined> {
  for (const host of loopbacks) {
    try {
      await close(await listen(host, port));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // A machine without IPv6 refuses its address; that alone says nothing about the port.
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') continue;
      return code === 'EACCES' || code === 'EPERM' ? 'forbidden' : 'taken';
    }
  }
  return undefined;
}

/** Below the ports that operating systems give to outgoing connections, which would take a free one away at any time. */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;

/**
 * Free ports of the loopback address, all different. They stay free only until somebody takes them: for programs that
 * must be told a port before they listen.
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
