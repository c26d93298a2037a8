import { notifyManager, type Query, type QueryCache, useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import { ProblemError } from '../api/problem-error.ts';
import { ME } from './session.ts';

/** `offline`: nobody answers. `unavailable`: an answer came, and says that it cannot be given. */
export type Outage = 'offline' | 'unavailable';

/**
 * What keeps what is shown from being read again; undefined while nothing does. A page that could not be read at all says
 * so itself, and there is nothing on it that could be out of date.
 */
export function useOutage(): Outage | undefined {
  const cache = useQueryClient().getQueryCache();
  const subscribe = useCallback((listener: () => void) => cache.subscribe(notifyManager.batchCalls(listener)), [cache]);
  return useSyncExternalStore(subscribe, () => findOutage(cache));
}

export function findOutage(cache: Pick<QueryCache, 'getAll'>): Outage | undefined {
  const shown = cache.getAll().filter((query) => query.isActive());
  const stale = shown.filter((query) => outageOf(query) !== undefined && query.state.data !== undefined);
  const isOfPage = ({ queryKey }: Query) => queryKey[0] !== ME[0];
  const saysItself = shown.some((query) => query.state.status === 'error' && query.state.data === undefined);
  // Who is signed in is asked as soon as the stream of changes breaks: long before a page would be read again.
  const first = stale.find(isOfPage) ?? (saysItself ? undefined : stale[0]);
  return first && outageOf(first);
}

function outageOf({ state: { status, error } }: Query): Outage | undefined {
  if (status !== 'error' || !(error instanceof ProblemError)) return undefined;
  if (error.facts.status === 0) return 'offline';
  return error.facts.status >= 500 ? 'unavailable' : undefined;
}
