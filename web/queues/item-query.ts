import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { askAgainEvery } from '../shell/live-changes.ts';

/** An item with its message. */
export const itemQuery = (id: string) =>
  queryOptions({
    queryKey: ['item', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/items/{id}', { signal, params: { path: { id } } })),
    refetchInterval: askAgainEvery(),
  });
