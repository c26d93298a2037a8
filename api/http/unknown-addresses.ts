import type { FastifyInstance, FastifyRequest } from 'fastify';
import { allowedMethods } from './allowed-methods.ts';
import { Problem } from './problem.ts';
import { requestedPath } from './requested-path.ts';

/**
 * Refuses requests to unknown addresses before their body is parsed: what a method requires of bodies and their types
 * only matters where a route exists. Call it before routes are registered, and after the hooks that set headers.
 */
export function refuseUnknownAddresses(app: FastifyInstance): void {
  const methodsOf = allowedMethods(app);

  function refusal({ method, url }: FastifyRequest): Problem {
    const methods = methodsOf(requestedPath(url));
    if (methods.length === 0) {
      return new Problem('no-such-address', 'There is nothing at this address. /docs lists everything that there is.');
    }
    const allow = methods.join(', ');
    return new Problem('method-not-allowed', `${method} is not possible here. Use ${allow}.`, { headers: { allow } });
  }

  app.addHook('onRequest', async (request) => {
    // RFC 9112, section 3.2. Node's own answer has no body.
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
      throw new Problem('no-http-request', 'A request of HTTP/1.1 needs a Host header.');
    }
    if (request.is404) throw refusal(request);
  });
  // For routes that call `callNotFound` themselves.
  app.setNotFoundHandler((request) => {
    throw refusal(request);
  });
}
