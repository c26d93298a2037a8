import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** One address for several servers. */
export interface Balancer {
  readonly port: number;
  /** How many requests for paths that begin with `path` each server has answered, by the server's URL. */
  answered(path: string): ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Sends each request to the next server, or to the one after it where that one is down. */
export async function startBalancer(port: number, servers: readonly string[]): Promise<Balancer> {
  const answers: { readonly server: string; readonly path: string }[] = [];
  let turn = 0;

  async function lead(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const { method, url = '/', headers } = incoming;
    for (let tries = 0; tries < servers.length; tries++) {
      const server = servers[turn++ % servers.length] as string;
      const outgoing = request(new URL(url, server), { method, headers, agent: false });
      response.once('close', () => outgoing.destroy());
      outgoing.end(body);
      try {
        const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
        answers.push({ server, path: url });
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on('error', () => response.destroy()).pipe(response);
        return;
      } catch (error) {
        outgoing.on('error', () => {});
        const isGone = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
        if (!isGone) break;
      }
    }
    response.writeHead(502).end();
  }

  const balancer = createServer((incoming, response) => void lead(incoming, response));
  balancer.listen(port, '127.0.0.1');
  await once(balancer, 'listening');
  return {
    port,
    answered(path) {
      const counts = new Map<string, number>();
      for (const answer of answers) {
        if (answer.path.startsWith(path)) counts.set(answer.server, (counts.get(answer.server) ?? 0) + 1);
      }
      return counts;
    },
    async close() {
      balancer.closeAllConnections();
      balancer.close();
      await once(balancer, 'close');
    },
  };
}
