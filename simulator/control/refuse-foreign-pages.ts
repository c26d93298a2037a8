import type { FastifyInstance } from 'fastify';

const OWN_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Protects the control API, which has no authentication, from web pages of other sites in a browser on this machine:
 * refuses a foreign Origin, and host names that such a page made resolve to this machine (DNS rebinding).
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
