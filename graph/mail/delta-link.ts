import { Failure } from '../../domain/failure.ts';
import type { MicrosoftCloud } from '../cloud.ts';

/** The API version of every request and every link. */
export const GRAPH_VERSION = 'v1.0';

/**
 * The path and query, below the version, of a stored link of Graph. Throws CursorExpired when the link cannot be
 * followed: a resync replaces it.
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
 * A link's path where the mailbox is named by its address: a link that was made under `/me`, with the rights of a person,
 * names no mailbox for the application, which goes on where that person's reading stopped. A link that Graph does not
 * accept in this form is as good as an expired one: the walk begins again, and captured mail is recognised.
 */
export function linkBelow(root: string, path: string): string {
  return root !== '/me' && path.startsWith('/me/') ? `${root}${path.slice('/me'.length)}` : path;
}

/**
 * The path and query, below the version, of a link of Graph. Undefined when it is malformed (`users//messages` has been
 * seen) or names another host: following it would send the token there.
 *
 * The SDK accepts absolute links only with https, and takes any `https://` in a relative one for a host, so that much
 * of the query is encoded.
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
