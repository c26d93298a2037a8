import { Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Schemas } from '../api/client.ts';
import { Since } from '../parts/since.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { BoardSection } from './board-section.tsx';
import { WaitedCells, WaitedLine, WaitedTitles } from './waited.tsx';

type Queue = Schemas['Board']['queues'][number];

/** Of the window, in em, beside the navigation: all nine columns, with names of queues in two lines. */
const ALL_COLUMNS = 70;

/** What waits in each queue, what is late, and what was handled today. */
export function QueuesOnBoard({ queues }: { readonly queues: readonly Queue[] }) {
  const { queues: words } = useWords();
  const { board } = useDeskWords();
  const isNarrow = useIsNarrow(ALL_COLUMNS);
  return (
    <BoardSection id="board-queues" title={words.title} none={queues.length === 0 && words.empty}>
      <Table highlightOnHover aria-labelledby="board-queues">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.name}</Table.Th>
            <Table.Th className="numeric">{words.waiting}</Table.Th>
            {!isNarrow && (
              <>
                <Table.Th>{words.oldest}</Table.Th>
                <Table.Th>{board.overdue}</Table.Th>
                <Table.Th className="numeric">{words.claimed}</Table.Th>
                <Table.Th className="numeric">{words.states.parked}</Table.Th>
                <Table.Th className="numeric">{board.handledToday}</Table.Th>
                <WaitedTitles />
              </>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {queues.map((queue) =>
            isNarrow ? <NarrowRow key={queue.id} {...queue} /> : <Row key={queue.id} {...queue} />,
          )}
        </Table.Tbody>
      </Table>
    </BoardSection>
  );
}

function Row(queue: Queue) {
  const { locale } = useWords();
  return (
    <Table.Tr>
      <Table.Td className="name">
        <QueueLink {...queue} />
      </Table.Td>
      <Table.Td className="numeric">{queue.waiting.toLocaleString(locale)}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {queue.oldestWaitingAt !== null && <Since time={queue.oldestWaitingAt} />}
      </Table.Td>
      <Table.Td>
        <Overdue {...queue} />
      </Table.Td>
      <Table.Td className="numeric">{queue.claimed.toLocaleString(locale)}</Table.Td>
      <Table.Td className="numeric">{queue.parked.toLocaleString(locale)}</Table.Td>
      <Table.Td className="numeric">{queue.handled.toLocaleString(locale)}</Table.Td>
      <WaitedCells of={queue} />
    </Table.Tr>
  );
}

function NarrowRow(queue: Queue) {
  const { queues: words, locale } = useWords();
  const { board } = useDeskWords();
  return (
    <Table.Tr>
      <Table.Td className="name">
        <QueueLink {...queue} />
        <Text size="xs" c="dimmed">
          {queue.oldestWaitingAt !== null && (
            <>
              {words.oldest}: <Since time={queue.oldestWaitingAt} />
              {' · '}
            </>
          )}
          {board.handledTodayOf(queue.handled)}
        </Text>
        <Overdue {...queue} />
        <WaitedLine of={queue} />
      </Table.Td>
      <Table.Td className="numeric">{queue.waiting.toLocaleString(locale)}</Table.Td>
    </Table.Tr>
  );
}

function QueueLink({ id, name }: Queue) {
  return (
    <Link className="row-link" to={`/queues/${id}`}>
      {name}
    </Link>
  );
}

/** Nothing where the queue has no target. */
function Overdue({ overdue, dueSoon }: Queue) {
  const { board } = useDeskWords();
  if (overdue === null || dueSoon === null) return null;
  return (
    <Text size="sm" component="div">
      <StatusLabel tone={overdue > 0 ? 'bad' : 'good'}>{board.overdueOf(overdue)}</StatusLabel>
      {dueSoon > 0 && (
        <Text size="xs" c="dimmed">
          {board.dueSoonOf(dueSoon)}
        </Text>
      )}
    </Text>
  );
}
