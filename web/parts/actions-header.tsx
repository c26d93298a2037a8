import { Table } from '@mantine/core';
import { useWords } from '../shell/languages.tsx';

/** The header of a column of buttons, for screen readers. `w`: its width in pixels. */
export function ActionsHeader({ w }: { readonly w?: number }) {
  const { common } = useWords();
  return (
    <Table.Th {...(w !== undefined && { w })}>
      <span className="visually-hidden">{common.actions}</span>
    </Table.Th>
  );
}
