import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Metrics } from './metrics.ts';

export interface HealthServer {
  close(): Promise<void>;
}

/** Whether the worker takes work; if not, what is missing, in words. */
export interface WorkerReadiness {
  readonly ready: boolean;
  readonly reason: string;
  readonly detail: string;
}

/**
 * Answers `/healthz` while the process lives, `/readyz` while it takes work, for orchestrators, with the reason when it
 * does not, and `/metrics` for Prometheus. Listens on all interfaces, because orchestrators ask from outside the container; exposes nothing else.
 * Without a port it does nothing.
 */
export async function startHealthServer(
  port: number | undefined,
  readiness: () => Promise<WorkerReadiness>,
  metrics: Metrics,
): Promise<HealthServer> {
  if (port === undefined) return { close: async () => {} };
  const server = createServer(async (request, response) => {
    if (request.url === '/healthz') return response.writeHead(200).end();
    if (request.url === '/metrics') {
      const text = await metrics.read().catch(() => undefined);
      return response.writeHead(text === undefined ? 503 : 200, { 'content-type': metrics.contentType }).end(text);
    }
    if (request.url !== '/readyz') return response.writeHead(404).end();
    const known = await readiness();
    const status = known.ready ? 200 : 503;
    return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(known));
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
