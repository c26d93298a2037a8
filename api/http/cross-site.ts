import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a state-changing request that a page of another site, or of a sibling host, may have made with the visitor's
 * cookie. Browsers send Sec-Fetch-Site; older ones at least Origin. A client that sends neither is not a browser, and
 * its cookie is not accepted.
 */
export function refuseCrossSite(
  request: FastifyRequest,
  publicUrl: string,
  detail = 'Only pages of Mailroom itself may change something with your session. Use an API key in the Authorization header.',
): void {
  if (safeMethods.has(request.method)) return;
  const { origin } = request.headers;
  const { alsoFrom } = request.routeOptions.config;
  if (alsoFrom !== undefined && origin === alsoFrom) return;
  const site = request.headers['sec-fetch-site'];
  const ours = site === undefined ? isOurs(origin, request.host, publicUrl) : site === 'same-origin';
  if (ours) return;
  throw new Problem('cross-site', detail);
}

function isOurs(origin: string | undefined, host: string, publicUrl: string): boolean {
  if (origin === undefined) return false;
  return origin === publicUrl || URL.parse(origin)?.host === host;
}
