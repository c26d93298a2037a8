import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';

export function routingQuery(id: string) {
  return queryOptions({
    queryKey: ['routing', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/email/accounts/{id}/routing', { signal, params: { path: { id } } })),
    // A reload must not replace what the user is editing.
    refetchOnWindowFocus: false,
  });
}
