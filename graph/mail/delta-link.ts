import { Failure } from '../../domain/failure.ts';
import type { MicrosoftCloud } from '../cloud.ts';

/** Every request and every link is of this version. */
export const GRAPH_VERSION = 'v1.0';

/**
 * The path and query, below the version, of a link that Graph gave and we stored. Throws CursorExpired when it cannot
 * be followed: a resync replaces it.
 */
export function deltaLinkPath(cloud: MicrosoftCloud, link: string): string {
  const path = findLinkPath(cloud, link);
  if (path !== undefined) return path;
  throw new Failure('CursorExpired', 'The stored link is not one of Microsoft Graph', {
    reason: 'sync-state-lost',
    code: 'foreign-link',
  });
}

/**
 * The path and query, below the version, of a link that Graph gave. Undefined when it is malformed (`users//messages`
 * has been seen) or names another host: following it would carry the token there.
 *
 * The SDK understands absolute links only of https, and takes any `https://` in a relative one for a host; so that
 * much of the query is encoded.
 */
export function findLinkPath(cloud: MicrosoftCloud, link: string): string | undefined {
  const url = URL.parse(link);
  const base = `/${GRAPH_VERSION}/`;
  if (url?.origin === cloud.graphUrl && url.pathname.startsWith(base) && !url.pathname.includes('//')) {
    if (url.username === '' && url.password === '') {
      return (url.pathname.slice(base.length - 1) + url.search).replaceAll('https://', 'https%3A//');
    }
  }
  return undefined;
}
