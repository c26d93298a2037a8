import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { pageFacts } from './page-facts.ts';

export type Permission = Schemas['Me']['permissions'][number];

export const ME = ['me'] as const;

export const meQuery = queryOptions({
  queryKey: ME,
  queryFn: async ({ signal }): Promise<Schemas['Me'] | null> => {
    const answer = api.GET('/api/v1/me', { signal });
    return (await answer.then(({ response }) => response.status).catch(() => 0)) === 401 ? null : await take(answer);
  },
  ...(pageFacts.wasSignedIn ? {} : { initialData: null }),
  staleTime: 60_000,
});

/** The signed-in user; null without a session. */
export function useMe() {
  return useQuery(meQuery);
}

/** True when the signed-in user has the permission. */
export function useMay(permission: Permission): boolean {
  return useMe().data?.permissions.includes(permission) ?? false;
}
