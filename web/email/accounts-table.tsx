import { Checkbox, Table } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { SortHeader } from '../parts/sort-header.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { AccountRow } from './account-row.tsx';
import type { AccountSort, AccountsView } from './accounts-query.ts';

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

/** One page of accounts, with their actions. */
export function AccountsTable(props: AccountsTableProps) {
  const { accounts, view, onSort, selected, onSelect, onSignIn, onResume } = props;
  const { accounts: words } = useWords();
  const isNarrow = useIsNarrow();
  const mayChange = useMay('accounts.change');

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

  return (
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
            <AccountRow
              key={account.id}
              account={account}
              isSelected={selected.has(account.id)}
              onSelect={(checked) => select(account, checked)}
              onSignIn={() => onSignIn(account)}
              onResume={() => onResume(account)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}
