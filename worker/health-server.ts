import { once } from 'node:events';
import { createServer } from 'node:http';

export interface HealthServer {
  close(): Promise<void>;
}

/**
 * Answers `/healthz` while the process lives and `/readyz` while it takes work, for orchestrators. Listens on all
 * interfaces, because these ask from outside the container; it tells nothing else. Without a port it does nothing.
 */
export async function startHealthServer(port: number | undefined, isReady: () => boolean): Promise<HealthServer> {
  if (port === undefined) return { close: async () => {} };
  const server = createServer((request, response) => {
    const healthy = request.url === '/healthz' || (request.url === '/readyz' && isReady());
    const known = request.url === '/healthz' || request.url === '/readyz';
    response.writeHead(healthy ? 200 : known ? 503 : 404).end();
  });
  server.listen(port);
  await once(server, 'listening');
  return {
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
