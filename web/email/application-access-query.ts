import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';

/** Whether mailboxes may be read with the application's own rights. */
export const applicationAccessQuery = queryOptions({
  queryKey: ['settings', 'application-access'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/email/settings/application-access', { signal })),
});
