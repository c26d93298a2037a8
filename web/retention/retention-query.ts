import { queryOptions } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { askAgainEvery } from '../shell/live-changes.ts';

export const retentionQuery = queryOptions({
  queryKey: ['retention'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/retention', { signal })),
});

export const holdsQuery = queryOptions({
  queryKey: ['holds'],
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/holds', { signal }))).holds,
});

/** Asked again, because they are carried out in the background. */
export const erasuresQuery = queryOptions({
  queryKey: ['erasures'],
  queryFn: async ({ signal }) => {
    const query = { limit: 200 };
    return (await take(api.GET('/api/v1/erasures', { signal, params: { query } }))).erasures;
  },
  refetchInterval: askAgainEvery(),
});

export type Kind = keyof Schemas['RetentionPeriods'];
/** In the order in which they are shown. */
export const kinds: readonly Kind[] = ['content', 'items', 'events', 'signIns', 'quarantine'];
