import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { ActionsHeader } from '../parts/actions-header.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Icon } from '../parts/icon.tsx';
import { IconAction } from '../parts/icon-action.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { RemovalDialog } from '../parts/removal-dialog.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { UnloadedTable } from '../parts/unloaded-table.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { Guarded } from '../shell/guarded.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { TeamDialog } from './team-dialog.tsx';
import { teamsQuery } from './teams-query.ts';

type Team = Schemas['Team'];

/** Admin > Teams: whose people see which queues. */
export function TeamsPage() {
  return (
    <Guarded permission="users.read">
      <Teams />
    </Guarded>
  );
}

function Teams() {
  const { teams: words } = useDeskWords();
  const mayChange = useMay('users.change');
  const [editing, setEditing] = useState<Team | 'new'>();
  const [removing, setRemoving] = useState<Team>();
  const { data, error, refetch } = useQuery(teamsQuery);
  return (
    <Stack gap="md">
      <PageHeader
        title={words.title}
        lead={words.lead}
        actions={
          mayChange && (
            <Button leftSection={<Icon name="plus" />} onClick={() => setEditing('new')}>
              {words.add}
            </Button>
          )
        }
      />
      <UnloadedTable isLoaded={data !== undefined} error={error} onRetry={() => void refetch()} rows={3} />
      {data?.length === 0 && <EmptyState title={words.none}>{words.noneWhat}</EmptyState>}
      {data && data.length > 0 && (
        <TeamsTable teams={data} {...(mayChange && { onEdit: setEditing, onRemove: setRemoving })} />
      )}
      {editing && <TeamDialog {...(editing !== 'new' && { team: editing })} onClose={() => setEditing(undefined)} />}
      {removing && (
        <RemovalDialog
          title={words.removeTitle(removing.name)}
          what={words.removeWhat}
          removed={words.removed(removing.name)}
          remove={() => take(api.DELETE('/api/v1/teams/{id}', { params: { path: { id: removing.id } } }))}
          listKey={teamsQuery.queryKey}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Stack>
  );
}

interface TeamsTableProps {
  readonly teams: readonly Team[];
  readonly onEdit?: (team: Team) => void;
  readonly onRemove?: (team: Team) => void;
}

function TeamsTable({ teams, onEdit, onRemove }: TeamsTableProps) {
  const { teams: words } = useDeskWords();
  const isNarrow = useIsNarrow();
  return (
    <TableScroll className="panel">
      <Table aria-label={words.title} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th {...(isNarrow && { w: '100%' })}>{words.name}</Table.Th>
            {!isNarrow && <Table.Th>{words.people}</Table.Th>}
            {!isNarrow && <Table.Th>{words.queues}</Table.Th>}
            {onEdit && <ActionsHeader />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {teams.map((team) => (
            <Table.Tr key={team.id}>
              <Table.Td className="name">
                <Text size="sm" fw={500}>
                  {team.name}
                </Text>
                {isNarrow && (
                  <Text size="xs" c="dimmed">
                    {words.peopleCount(team.people.length)}, {words.queueCount(team.queues.length)}
                  </Text>
                )}
              </Table.Td>
              {!isNarrow && <Table.Td>{names(team.people.map(({ email }) => email))}</Table.Td>}
              {!isNarrow && <Table.Td>{names(team.queues.map(({ name }) => name))}</Table.Td>}
              {onEdit && onRemove && (
                <Table.Td>
                  <Group gap={4} wrap="nowrap" justify="end">
                    <IconAction icon="edit" label={words.edit(team.name)} onClick={() => onEdit(team)} />
                    <IconAction icon="cross" label={words.removeOf(team.name)} onClick={() => onRemove(team)} />
                  </Group>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}

/** More do not fit into a cell. */
const NAMED = 5;

function names(all: readonly string[]): string {
  const shown = all.slice(0, NAMED).join(', ');
  return all.length > NAMED ? `${shown} + ${all.length - NAMED}` : shown || '–';
}
