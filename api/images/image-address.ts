import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** Names of private networks (RFC 6761, RFC 8375, RFC 9476), and of no network at all. */
const privateNames =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa|test|invalid|onion|alt)$/;

/**
 * The URL from which an image may be fetched: http or https at its usual port, without a user name, at a name or an
 * address of the internet. Undefined: it may not. Names are checked once more when they are resolved.
 */
export function allowedImageUrl(written: string): URL | undefined {
  if (!URL.canParse(written)) return undefined;
  const url = new URL(written);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  // The usual port is not part of a parsed URL.
  if (url.port !== '' && url.port !== '80' && url.port !== '443') return undefined;
  if (url.username !== '' || url.password !== '') return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) return isPublicAddress(host) ? url : undefined;
  return host.includes('.') && !privateNames.test(host) ? url : undefined;
}
