import type { Query, QueryCache } from '@tanstack/react-query';
import { ProblemError } from '../api/problem-error.ts';

/** `offline`: nobody answers. `unavailable`: an answer came, and says that it cannot be given. */
export type Outage = 'offline' | 'unavailable';

/**
 * What keeps what is shown from being read again; undefined while nothing does. A page that could not be read at all says
 * so itself, and there is nothing on it that could be out of date. `me` is the key of what is shown on every page.
 */
export function findOutage(cache: Pick<QueryCache, 'getAll'>, me: string): Outage | undefined {
  const shown = cache.getAll().filter((query) => query.isActive());
  const stale = shown.filter((query) => outageOf(query) !== undefined && query.state.data !== undefined);
  const isOfPage = ({ queryKey }: Query) => queryKey[0] !== me;
  const saysItself = shown.some((query) => query.state.status === 'error' && query.state.data === undefined);
  // Who is signed in is asked as soon as the stream of changes breaks: long before a page would be read again.
  const first = stale.find(isOfPage) ?? (saysItself ? undefined : stale[0]);
  return first && outageOf(first);
}

function outageOf({ state: { status, error } }: Query): Outage | undefined {
  if (status !== 'error' || !(error instanceof ProblemError)) return undefined;
  if (error.details.status === 0) return 'offline';
  return error.details.status >= 500 ? 'unavailable' : undefined;
}
