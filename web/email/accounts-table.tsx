import { Button, Checkbox, Group, Switch, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Schemas } from '../api/client.ts';
import { Address } from '../parts/address.tsx';
import { useCameFrom } from '../parts/back-link.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Since } from '../parts/since.tsx';
import { SortHeader } from '../parts/sort-header.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { AccountStatus, needsSignIn } from './account-status.tsx';
import type { AccountSort, AccountsView } from './accounts-query.ts';
import { DeliveryMark } from './delivery-mark.tsx';
import { usePause } from './use-pause.ts';

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
  const mayChange = useMay('accounts.change');
  const cameFrom = useCameFrom();
  const pause = usePause();

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
  const header = (sort: AccountSort, title: string, className = '') => (
    <SortHeader
      className={className}
      order={view.sort === sort ? view.order : undefined}
      onSort={(order) => onSort(sort, order)}
    >
      {title}
    </SortHeader>
  );

  const status = (account: Account) => (
    <Group gap="xs">
      <AccountStatus account={account} />
      {isNarrow && <DeliveryMark account={account} />}
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
                    checked={onPage > 0 && onPage === accounts.length}
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
                  <Table.Th className="drops-second">{words.queue}</Table.Th>
                  {header('current', words.current)}
                  {header('waiting', words.waiting, 'numeric drops-third')}
                  <Table.Th className="numeric drops-first">{words.today}</Table.Th>
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
                <Table.Td className={isNarrow ? undefined : 'address'}>
                  <Link className="row-link" to={`/config/email/accounts/${account.id}`} state={cameFrom}>
                    <Address>{account.address}</Address>
                  </Link>
                  {account.signInAs !== null && (
                    <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
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
                {!isNarrow && <Table.Td>{status(account)}</Table.Td>}
                <Table.Td>
                  <Switch
                    size="xs"
                    aria-label={words.toggle(account.address)}
                    checked={account.enabled}
                    disabled={!mayChange || account.removing}
                    aria-busy={pause.isPending && pause.variables.id === account.id}
                    onChange={() => {
                      if (pause.isPending) return;
                      if (account.enabled) pause.mutate(account);
                      else onResume(account);
                    }}
                  />
                </Table.Td>
                {!isNarrow && (
                  <>
                    <Table.Td className="drops-second" maw={180}>
                      <Text size="sm" truncate title={account.defaultQueue.name}>
                        {account.defaultQueue.name}
                      </Text>
                    </Table.Td>
                    <Table.Td style={{ whiteSpace: 'nowrap' }}>
                      <DeliveryMark account={account} /> <Since time={account.currentAt} />
                    </Table.Td>
                    <Table.Td className="numeric drops-third">{account.waitingItems.toLocaleString(locale)}</Table.Td>
                    <Table.Td className="numeric drops-first">{account.capturedToday.toLocaleString(locale)}</Table.Td>
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
