import { Table, Text } from '@mantine/core';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { ActionsHeader } from '../parts/actions-header.tsx';
import { IconAction } from '../parts/icon-action.tsx';
import { Moment } from '../parts/moment.tsx';
import { RemovalDialog } from '../parts/removal-dialog.tsx';
import { Since } from '../parts/since.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { useDeskWords } from '../shell/languages.tsx';
import { sessionsQuery } from './sessions-query.ts';

type Session = Schemas['Session'];

interface SessionsTableProps {
  readonly sessions: readonly Session[];
  /** Each by itself; the one of this browser ends by signing out. */
  readonly mayEnd: boolean;
}

export function SessionsTable({ sessions, mayEnd }: SessionsTableProps) {
  const { sessions: words } = useDeskWords();
  const isNarrow = useIsNarrow();
  const [ending, setEnding] = useState<Session>();
  const nameOf = ({ browser, system }: Session) =>
    browser && system ? words.on(browser, system) : (browser ?? system ?? words.unknown);
  return (
    <>
      <TableScroll className="panel">
        <Table aria-label={words.title} highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th {...(isNarrow && { w: '100%' })}>{words.browser}</Table.Th>
              {!isNarrow && <Table.Th>{words.from}</Table.Th>}
              {!isNarrow && <Table.Th>{words.since}</Table.Th>}
              <Table.Th>{words.lastUsed}</Table.Th>
              {mayEnd && <ActionsHeader w={48} />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sessions.map((session) => (
              <Table.Tr key={session.id}>
                <Table.Td className="name">
                  <Text size="sm" fw={500} span>
                    {nameOf(session)}
                  </Text>
                  {session.isCurrent && (
                    <Text size="sm" c="dimmed" span>
                      {' '}
                      ({words.current})
                    </Text>
                  )}
                  {isNarrow && (
                    <Text size="xs" c="dimmed">
                      {session.address}
                    </Text>
                  )}
                </Table.Td>
                {!isNarrow && <Table.Td>{session.address ?? '–'}</Table.Td>}
                {!isNarrow && (
                  <Table.Td>
                    <Moment time={session.signedInAt} />
                  </Table.Td>
                )}
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  <Since time={session.lastUsedAt} />
                </Table.Td>
                {mayEnd && (
                  <Table.Td>
                    {!session.isCurrent && (
                      <IconAction
                        icon="cross"
                        label={words.endOf(nameOf(session))}
                        onClick={() => setEnding(session)}
                      />
                    )}
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableScroll>
      {ending && (
        <RemovalDialog
          title={words.endTitle(nameOf(ending))}
          what={words.endWhat}
          action={words.end}
          removed={words.ended}
          remove={() => take(api.DELETE('/api/v1/me/sessions/{id}', { params: { path: { id: ending.id } } }))}
          listKey={sessionsQuery(undefined).queryKey}
          onClose={() => setEnding(undefined)}
        />
      )}
    </>
  );
}
