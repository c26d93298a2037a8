import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { askAgainEvery } from '../shell/live-changes.ts';

export const QUEUES = ['queues'] as const;

export const queuesQuery = queryOptions({
  queryKey: QUEUES,
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/queues', { signal }))).queues,
  refetchInterval: askAgainEvery(),
});
