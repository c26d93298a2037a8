import { Button, Checkbox, Group, Switch, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, type Schemas, take } from '../api/client.ts';
import { Address } from '../parts/address.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Since } from '../parts/since.tsx';
import { SortHeader } from '../parts/sort-header.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { AccountStatus, needsSignIn } from './account-status.tsx';
import { ACCOUNTS, type AccountSort, type AccountsView } from './accounts-query.ts';
import { DeliveryMark } from './delivery-mark.tsx';

type Account = Schemas['Account'];

interface AccountsTableProps {
  readonly accounts: readonly Account[];
  readonly view: AccountsView;
  readonly onSort: (sort: AccountSort, order: AccountsView['order']) => void;
  readonly selected: ReadonlyMap<string, Account>;
  readonly onSelect: (selected: ReadonlyMap<string, Account>) => void;
  readonly onSignIn: (account: Account) => void;
  readonly onResume: (account: Account) => void;
}

/** One page of accounts, with what can be done about each. */
export function AccountsTable(props: AccountsTableProps) {
  const { accounts, view, onSort, selected, onSelect, onSignIn, onResume } = props;
  const { accounts: words, locale } = useWords();
  const isNarrow = useIsNarrow();
  const announce = useAnnounce();
  const mayChange = useMay('accounts.change');
  const queryClient = useQueryClient();
  const pause = useMutation({
    mutationFn: ({ id }: Account) =>
      take(api.PATCH('/api/v1/email/accounts/{id}', { params: { path: { id } }, body: { enabled: false } })),
    onSuccess: ({ address }) => announce(words.disabled(address)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ACCOUNTS }),
  });

  const onPage = accounts.filter(({ id }) => selected.has(id)).length;
  const selectAll = (checked: boolean) => {
    const next = new Map(selected);
    for (const account of accounts) {
      if (checked) next.set(account.id, account);
      else next.delete(account.id);
    }
    onSelect(next);
  };
  const select = (account: Account, checked: boolean) => {
    const next = new Map(selected);
    if (checked) next.set(account.id, account);
    else next.delete(account.id);
    onSelect(next);
  };
  const header = (sort: AccountSort, title: string, numeric = false) => (
    <SortHeader
      order={view.sort === sort ? view.order : undefined}
      onSort={(order) => onSort(sort, order)}
      numeric={numeric}
    >
      {title}
    </SortHeader>
  );

  const status = (account: Account) => (
    <Group gap="sm" wrap={isNarrow ? 'wrap' : 'nowrap'}>
      <AccountStatus account={account} />
      {mayChange && needsSignIn(account) && (
        <Button size="compact-xs" variant="default" onClick={() => onSignIn(account)}>
          {words.signIn}
          <span className="visually-hidden"> {account.address}</span>
        </Button>
      )}
    </Group>
  );

  return (
    <>
      {pause.error && <ProblemNotice error={pause.error} onRetry={() => pause.mutate(pause.variables)} />}
      <TableScroll>
        <Table highlightOnHover aria-label={words.table}>
          <Table.Thead>
            <Table.Tr>
              {mayChange && (
                <Table.Th w={40}>
                  <Checkbox
                    size="xs"
                    aria-label={words.selectAll}
                    checked={onPage === accounts.length}
                    indeterminate={onPage > 0 && onPage < accounts.length}
                    onChange={(event) => selectAll(event.currentTarget.checked)}
                  />
                </Table.Th>
              )}
              {header('address', words.address)}
              {!isNarrow && header('status', words.status)}
              <Table.Th>{words.enabled}</Table.Th>
              {!isNarrow && (
                <>
                  <Table.Th>{words.queue}</Table.Th>
                  {header('current', words.current)}
                  {header('waiting', words.waiting, true)}
                  <Table.Th className="numeric">{words.today}</Table.Th>
                </>
              )}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {accounts.map((account) => (
              <Table.Tr key={account.id} data-selected={selected.has(account.id) || undefined}>
                {mayChange && (
                  <Table.Td>
                    <Checkbox
                      size="xs"
                      aria-label={words.select(account.address)}
                      checked={selected.has(account.id)}
                      onChange={(event) => select(account, event.currentTarget.checked)}
                    />
                  </Table.Td>
                )}
                <Table.Td {...(isNarrow ? {} : { style: { whiteSpace: 'nowrap' } })}>
                  <Link className="row-link" to={`/config/email/accounts/${account.id}`}>
                    <Address>{account.address}</Address>
                  </Link>
                  {isNarrow && (
                    <>
                      {' '}
                      <DeliveryMark account={account} />
                    </>
                  )}
                  {account.signInAs !== null && (
                    <Text size="xs" c="dimmed" style={{ whiteSpace: 'normal' }}>
                      {words.signsIn(account.signInAs)}
                    </Text>
                  )}
                  {account.quarantined > 0 && (
                    <Text size="xs" c="dimmed">
                      {words.quarantined(account.quarantined)}
                    </Text>
                  )}
                  {isNarrow && status(account)}
                </Table.Td>
                {!isNarrow && <Table.Td style={{ whiteSpace: 'nowrap' }}>{status(account)}</Table.Td>}
                <Table.Td>
                  <Switch
                    size="xs"
                    aria-label={words.toggle(account.address)}
                    checked={account.enabled}
                    disabled={!mayChange || account.removing || (pause.isPending && pause.variables.id === account.id)}
                    onChange={() => (account.enabled ? pause.mutate(account) : onResume(account))}
                  />
                </Table.Td>
                {!isNarrow && (
                  <>
                    <Table.Td>{account.defaultQueue.name}</Table.Td>
                    <Table.Td style={{ whiteSpace: 'nowrap' }}>
                      <DeliveryMark account={account} /> <Since time={account.currentAt} />
                    </Table.Td>
                    <Table.Td className="numeric">{account.waitingItems.toLocaleString(locale)}</Table.Td>
                    <Table.Td className="numeric">{account.capturedToday.toLocaleString(locale)}</Table.Td>
                  </>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableScroll>
    </>
  );
}
