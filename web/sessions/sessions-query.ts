import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { askAgainEvery } from '../shell/live-changes.ts';

/** Sessions of a user; undefined: one's own. */
export const sessionsQuery = (userId: string | undefined) =>
  queryOptions({
    queryKey: ['sessions', userId ?? 'me'],
    queryFn: async ({ signal }) =>
      userId === undefined
        ? (await take(api.GET('/api/v1/me/sessions', { signal }))).sessions
        : (await take(api.GET('/api/v1/users/{id}/sessions', { signal, params: { path: { id: userId } } }))).sessions,
    refetchInterval: askAgainEvery(),
  });

export const limitsQuery = queryOptions({
  queryKey: ['session-limits'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/session-limits', { signal })),
});
