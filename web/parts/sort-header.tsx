import { Table } from '@mantine/core';
import { useWords } from '../shell/languages.tsx';
import { Icon } from './icon.tsx';

interface SortHeaderProps {
  readonly children: string;
  /** Undefined: the table is sorted by another column. */
  readonly order: 'ascending' | 'descending' | undefined;
  readonly onSort: (order: 'ascending' | 'descending') => void;
  readonly className?: string;
}

/** A column title that sorts by the column; a second click reverses the order. */
export function SortHeader({ children, order, onSort, className }: SortHeaderProps) {
  const { common } = useWords();
  return (
    <Table.Th aria-sort={order ?? 'none'} className={className}>
      <button
        type="button"
        className="sort-button"
        onClick={() => onSort(order === 'ascending' ? 'descending' : 'ascending')}
      >
        {children}
        <span className="sort-mark" data-sorted={order !== undefined}>
          <Icon name={order === undefined ? 'sort' : order === 'descending' ? 'down' : 'up'} size={12} />
        </span>
        {order && (
          <span className="visually-hidden">, {order === 'ascending' ? common.sortedUp : common.sortedDown}</span>
        )}
      </button>
    </Table.Th>
  );
}
