import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { askAgainEvery } from '../shell/live-changes.ts';

export const PAGE_SIZE = 50;

export const sortableBy = ['address', 'status', 'added', 'current', 'waiting'] as const;
export type AccountSort = (typeof sortableBy)[number];

export interface AccountsView {
  readonly search: string;
  readonly sort: AccountSort;
  readonly order: 'ascending' | 'descending';
  readonly page: number;
}

export const ACCOUNTS = ['accounts'] as const;

/**
 * The stream does not report that a mailbox was proved current, which happens to each every few seconds; so this is
 * polled.
 */
const PROVED_EVERY_MS = 15_000;

export function accountsQuery({ search, sort, order, page }: AccountsView) {
  return queryOptions({
    queryKey: [...ACCOUNTS, { search, sort, order, page }],
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/email/accounts', {
          signal,
          params: { query: { sort, order, page, pageSize: PAGE_SIZE, ...(search === '' ? {} : { search }) } },
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: askAgainEvery(PROVED_EVERY_MS),
  });
}

export function accountQuery(id: string) {
  return queryOptions({
    queryKey: ['account', id],
    queryFn: ({ signal }): Promise<Schemas['Account']> =>
      take(api.GET('/api/v1/email/accounts/{id}', { signal, params: { path: { id } } })),
    refetchInterval: askAgainEvery(PROVED_EVERY_MS),
  });
}
