import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';

/** Trouble shows within this time, and a process that stands still half a minute later. */
const ASK_EVERY_MS = 10_000;
/** An API that stands still takes the request and never answers. */
const ANSWER_WITHIN_MS = 5_000;

/** How Mailroom and what it stands on are. */
export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) =>
    take(api.GET('/api/v1/health', { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]) })),
  refetchInterval: ASK_EVERY_MS,
  retry: false,
});
