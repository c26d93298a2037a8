import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';

export const signOnQuery = queryOptions({
  queryKey: ['sign-on-settings'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/sign-on-settings', { signal })),
});
