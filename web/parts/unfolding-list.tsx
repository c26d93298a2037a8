import { Anchor } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useDeskWords } from '../shell/languages.tsx';

/** Rows that are shown at first, and by each further click: a thousand with buttons take browsers seconds. */
const AT_ONCE = 50;

interface UnfoldingListProps<Row> {
  readonly rows: readonly Row[];
  /** Each with its key. */
  readonly children: (row: Row) => ReactNode;
  readonly label?: string;
}

/** The beginning of a list that may be long, and a button for more. */
export function UnfoldingList<Row>({ rows, children, label }: UnfoldingListProps<Row>) {
  const { mail: words } = useDeskWords();
  const [most, setMost] = useState(AT_ONCE);
  if (rows.length === 0) return null;
  const hidden = rows.length - most;
  return (
    <>
      <ul className="plain-list" aria-label={label}>
        {rows.slice(0, most).map(children)}
      </ul>
      {hidden > 0 && (
        <Anchor component="button" type="button" size="sm" onClick={() => setMost(most + AT_ONCE)}>
          {words.showMore(Math.min(hidden, AT_ONCE), hidden)}
        </Anchor>
      )}
    </>
  );
}
