import { Table } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { BoardSection } from './board-section.tsx';
import { WaitedCells, WaitedLine, WaitedTitles } from './waited.tsx';

type Day = Schemas['Board']['days'][number];

/** How much was handled on each of the last days. */
export function DaysOnBoard({ days }: { readonly days: readonly Day[] }) {
  const { locale } = useWords();
  const { board: words } = useDeskWords();
  const isNarrow = useIsNarrow();
  // A day is a date of the calendar, whatever the reader's clock shows.
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' });
  const most = Math.max(...days.map(({ handled }) => handled));
  return (
    <BoardSection id="board-days" title={words.byDay} none={days.length === 0 && words.noDays}>
      <Table aria-labelledby="board-days">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.day}</Table.Th>
            <Table.Th className="numeric">{words.handled}</Table.Th>
            {!isNarrow && (
              <>
                <Table.Th w="25%" aria-hidden="true" />
                <WaitedTitles />
              </>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {days.map((day) => (
            <Table.Tr key={day.day}>
              <Table.Td>
                <time dateTime={day.day}>{format.format(new Date(day.day))}</time>
                {isNarrow && <WaitedLine of={day} />}
              </Table.Td>
              <Table.Td className="numeric">{day.handled.toLocaleString(locale)}</Table.Td>
              {!isNarrow && (
                <>
                  <Table.Td aria-hidden="true">
                    <div className="board-bar" style={{ width: `${(100 * day.handled) / most}%` }} />
                  </Table.Td>
                  <WaitedCells of={day} />
                </>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </BoardSection>
  );
}
