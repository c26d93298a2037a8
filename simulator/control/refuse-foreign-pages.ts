import type { FastifyInstance } from 'fastify';

const OWN_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The control API asks nobody who he is, so no web page of another site may reach it through a browser on this
 * machine: neither with an Origin of its own, nor under a host name that it made point here (DNS rebinding).
 */
export function refuseForeignPages(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/control')) return;
    const { origin } = request.headers;
    const isBrowser = origin !== undefined || request.headers['sec-fetch-site'] !== undefined;
    const isForeign = origin !== undefined && !isOwn(origin);
    if (isForeign || (isBrowser && !isOwn(`http://${request.host}`))) {
      const message = 'The control API answers only this machine, and no pages of other sites.';
      return reply.code(403).send({ error: { code: 'ForeignOrigin', message } });
    }
  });
}

function isOwn(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  // RFC 6761, 6.3: names below localhost never leave the machine.
  return OWN_NAMES.has(hostname) || hostname.endsWith('.localhost');
}
