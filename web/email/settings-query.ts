import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: () => take(api.GET('/api/v1/email/settings')),
});
