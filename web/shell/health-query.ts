import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';

/** Trouble is shown within this time, and a hanging process half a minute later. */
const ASK_EVERY_MS = 10_000;
/** A hanging API accepts the request and never answers. */
const ANSWER_WITHIN_MS = 5_000;

/** The health of Mailroom and its dependencies. */
export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) =>
    take(api.GET('/api/v1/health', { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]) })),
  refetchInterval: ASK_EVERY_MS,
  retry: false,
});
