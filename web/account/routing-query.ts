import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';

export function routingQuery(id: string) {
  return queryOptions({
    queryKey: ['routing', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/email/accounts/{id}/routing', { signal, params: { path: { id } } })),
    // What somebody is editing is not taken from under their hands.
    refetchOnWindowFocus: false,
  });
}
