import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { askAgainEvery } from '../shell/live-changes.ts';

export const QUEUES = ['queues'] as const;

export const queuesQuery = queryOptions({
  queryKey: QUEUES,
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/queues', { signal }))).queues,
  refetchInterval: askAgainEvery(),
});

export const MINE = ['mine'] as const;

/** What waits for the user. */
export const mineQuery = queryOptions({
  queryKey: MINE,
  queryFn: ({ signal }) => take(api.GET('/api/v1/items/mine', { signal })),
  refetchInterval: askAgainEvery(),
});

/** People who work on items. */
export const colleaguesQuery = queryOptions({
  queryKey: ['users', 'colleagues'],
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/colleagues', { signal }))).people,
  staleTime: 60_000,
});

/** A queue with its settings. */
export const queueQuery = (id: string) =>
  queryOptions({
    queryKey: [...QUEUES, id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/queues/{id}', { signal, params: { path: { id } } })),
    refetchInterval: askAgainEvery(),
  });
