import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/email/settings', { signal })),
});
