import { Button, Group, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useEffect, useRef, useState } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import type { Schemas } from '../api/client.ts';
import { ActionBarRoom } from '../parts/action-bar.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Icon } from '../parts/icon.tsx';
import { PageSteps } from '../parts/page-steps.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TableSkeleton } from '../parts/table-skeleton.tsx';
import { useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { type AccountSort, type AccountsView, accountsQuery, PAGE_SIZE, sortableBy } from './accounts-query.ts';
import { AccountsTable } from './accounts-table.tsx';
import { DeliveryLegend } from './delivery-mark.tsx';
import {
  AddAccountDialog,
  ChangeQueueDialog,
  ConnectManyDialog,
  RemoveAccountsDialog,
  ResumeDialog,
  SelectedAccountsBar,
  SignInDialog,
  ToggleAccountsDialog,
} from './dialogs.tsx';
import { NoAccounts } from './no-accounts.tsx';
import type { BulkAct } from './selected-accounts-bar.tsx';

type Account = Schemas['Account'];

/** The dialog over the table. */
type Opened =
  | { readonly dialog: 'add' | 'many' }
  | { readonly dialog: 'sign-in'; readonly account: Account }
  | { readonly dialog: 'resume'; readonly account: Account }
  | { readonly dialog: BulkAct; readonly accounts: readonly Account[] };

/** Waits for a pause in typing, in milliseconds. */
const SEARCH_DELAY_MS = 250;

/** The API's limit. */
const LONGEST_SEARCH = 254;

/** All connected accounts. Search, sorting and page are in the address, so a link shows the same. */
export function AccountsPage() {
  const { accounts: words } = useWords();
  const mayChange = useMay('accounts.change');
  const [params, setParams] = useSearchParams();
  const view = readView(params);
  const { data, error, refetch, isPlaceholderData } = useQuery(accountsQuery(view));
  const [selected, setSelected] = useState<ReadonlyMap<string, Account>>(new Map());
  const [opened, setOpened] = useState<Opened>();
  const [typed, setTyped] = useState(view.search);
  const searched = useRef(view.search);
  // The address was changed by a link, such as that of the tab.
  useEffect(() => {
    if (view.search !== searched.current) setTyped(view.search);
    searched.current = view.search;
  }, [view.search]);
  const show = (change: Partial<AccountsView>) =>
    setParams(writeView({ ...view, page: 1, ...change }), { replace: true });
  const search = useDebouncedCallback((text: string) => {
    searched.current = text.trim();
    show({ search: text.trim() });
  }, SEARCH_DELAY_MS);
  const close = () => setOpened(undefined);

  const pages = data === undefined || isPlaceholderData ? undefined : Math.max(1, Math.ceil(data.total / PAGE_SIZE));
  const isEmpty = data !== undefined && data.total === 0 && view.search === '';
  return (
    <>
      {pages !== undefined && view.page > pages && (
        <Navigate replace to={{ search: String(new URLSearchParams(writeView({ ...view, page: pages }))) }} />
      )}
      {!isEmpty && (
        <Group justify="space-between" gap="sm">
          <TextInput
            type="search"
            aria-label={words.search}
            placeholder={words.search}
            leftSection={<Icon name="search" />}
            value={typed}
            maxLength={LONGEST_SEARCH}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              search(event.currentTarget.value);
            }}
            w={{ base: '100%', xs: 280 }}
          />
          {mayChange && (
            <Group gap="xs">
              <Button variant="default" onClick={() => setOpened({ dialog: 'many' })}>
                {words.many}
              </Button>
              <Button leftSection={<Icon name="plus" />} onClick={() => setOpened({ dialog: 'add' })}>
                {words.add}
              </Button>
            </Group>
          )}
        </Group>
      )}
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      <div className="panel" aria-busy={isPlaceholderData}>
        {data === undefined ? (
          !error && <TableSkeleton />
        ) : isEmpty ? (
          <NoAccounts onAdd={() => setOpened({ dialog: 'add' })} onMany={() => setOpened({ dialog: 'many' })} />
        ) : data.total === 0 ? (
          <EmptyState
            title={words.noMatch(view.search)}
            action={
              <Button
                variant="default"
                onClick={() => {
                  setTyped('');
                  show({ search: '' });
                }}
              >
                {words.clearSearch}
              </Button>
            }
          />
        ) : (
          <AccountsTable
            accounts={data.accounts}
            view={view}
            onSort={(sort, order) => show({ sort, order })}
            selected={selected}
            onSelect={setSelected}
            onSignIn={(account) => setOpened({ dialog: 'sign-in', account })}
            onResume={(account) => setOpened({ dialog: 'resume', account })}
          />
        )}
      </div>
      {data !== undefined && data.total > 0 && (
        <Group justify="space-between">
          <Group gap="lg">
            <Text size="sm" c="dimmed">
              {words.total(data.total)}
            </Text>
            <DeliveryLegend />
          </Group>
          <PageSteps page={view.page} pages={Math.ceil(data.total / PAGE_SIZE)} onChange={(page) => show({ page })} />
        </Group>
      )}
      {selected.size > 0 && (
        <Suspense>
          <SelectedAccountsBar
            selected={selected}
            search={view.search}
            total={data?.total}
            onSelect={setSelected}
            onAct={(act) => setOpened({ dialog: act, accounts: [...selected.values()] })}
          />
        </Suspense>
      )}
      <ActionBarRoom />
      <Suspense>
        {opened?.dialog === 'add' && <AddAccountDialog onClose={close} />}
        {opened?.dialog === 'many' && <ConnectManyDialog onClose={close} />}
        {opened?.dialog === 'sign-in' && <SignInDialog account={opened.account} onClose={close} />}
        {opened?.dialog === 'resume' && <ResumeDialog account={opened.account} onClose={close} />}
        {(opened?.dialog === 'enable' || opened?.dialog === 'disable') && (
          <ToggleAccountsDialog accounts={opened.accounts} enables={opened.dialog === 'enable'} onClose={close} />
        )}
        {opened?.dialog === 'queue' && <ChangeQueueDialog accounts={opened.accounts} onClose={close} />}
        {opened?.dialog === 'remove' && (
          <RemoveAccountsDialog
            accounts={opened.accounts}
            onRemoved={(ids) => setSelected((now) => new Map([...now].filter(([id]) => !ids.has(id))))}
            onClose={close}
          />
        )}
      </Suspense>
    </>
  );
}

function readView(params: URLSearchParams): AccountsView {
  const sort = params.get('sort');
  return {
    // What the API takes: an address that was written by hand shows the list, too.
    search: (params.get('search') ?? '').replace(/\p{Cc}/gu, '').slice(0, LONGEST_SEARCH),
    sort: sortableBy.includes(sort as AccountSort) ? (sort as AccountSort) : 'address',
    order: params.get('order') === 'descending' ? 'descending' : 'ascending',
    page: Math.max(1, Number.parseInt(params.get('page') ?? '1', 10) || 1),
  };
}

function writeView({ search, sort, order, page }: AccountsView): Record<string, string> {
  return {
    ...(search === '' ? {} : { search }),
    ...(sort === 'address' ? {} : { sort }),
    ...(order === 'ascending' ? {} : { order }),
    ...(page === 1 ? {} : { page: String(page) }),
  };
}
