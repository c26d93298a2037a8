import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';

export const BOARD = ['board'] as const;

/** Read at intervals, not with every change: in a busy centre, something changes each second. */
const READ_EVERY_MS = 5_000;

/** The time zone in which the reader's days begin. */
export const ownTimeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What supervisors see, with figures of so many days. */
export const boardQuery = (days: number) =>
  queryOptions({
    queryKey: [...BOARD, days],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/board', { signal, params: { query: { days, timeZone: ownTimeZone } } })),
    refetchInterval: READ_EVERY_MS,
    placeholderData: keepPreviousData,
  });
