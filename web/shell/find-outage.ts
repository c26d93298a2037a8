import type { Query, QueryCache } from '@tanstack/react-query';
import { ProblemError } from '../api/problem-error.ts';

/** `offline`: the server does not answer. `unavailable`: it answers that it cannot. */
export type Outage = 'offline' | 'unavailable';

/**
 * What prevents the displayed data from being refreshed; undefined while nothing does. A page without any data reports
 * that itself, and shows nothing that could be out of date. `me`: the query key of what every page shows.
 */
export function findOutage(cache: Pick<QueryCache, 'getAll'>, me: string): Outage | undefined {
  const shown = cache.getAll().filter((query) => query.isActive());
  const stale = shown.filter((query) => outageOf(query) !== undefined && query.state.data !== undefined);
  const isOfPage = ({ queryKey }: Query) => queryKey[0] !== me;
  const saysItself = shown.some((query) => query.state.status === 'error' && query.state.data === undefined);
  // The session is queried as soon as the stream of changes breaks: long before a page would be refreshed.
  const first = stale.find(isOfPage) ?? (saysItself ? undefined : stale[0]);
  return first && outageOf(first);
}

function outageOf({ state: { status, error } }: Query): Outage | undefined {
  if (status !== 'error' || !(error instanceof ProblemError)) return undefined;
  if (error.details.status === 0) return 'offline';
  return error.details.status >= 500 ? 'unavailable' : undefined;
}
