import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';

/** Certificates that can take the place of the client secret. */
export const certificatesQuery = queryOptions({
  queryKey: ['settings', 'certificates'],
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/email/settings/certificates', { signal }))).certificates,
});
