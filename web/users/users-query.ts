import { queryOptions } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { askAgainEvery } from '../shell/live-changes.ts';

export const profiles = ['Admin', 'Supervisor', 'Agent'] as const satisfies readonly Schemas['SecurityProfile'][];

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/users', { signal }))).users,
  refetchInterval: askAgainEvery(),
});
