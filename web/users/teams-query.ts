import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { askAgainEvery } from '../shell/live-changes.ts';

export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/teams', { signal }))).teams,
  refetchInterval: askAgainEvery(),
});
