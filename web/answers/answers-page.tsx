import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { ActionsHeader } from '../parts/actions-header.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Icon } from '../parts/icon.tsx';
import { IconAction } from '../parts/icon-action.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { RemovalDialog } from '../parts/removal-dialog.tsx';
import { Since } from '../parts/since.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { TableSkeleton } from '../parts/table-skeleton.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { Guarded } from '../shell/guarded.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { CANNED, cannedQuery } from './answers-query.ts';
import { CannedDialog } from './canned-dialog.tsx';
import { wordsOfHtml } from './words-of-html.ts';

type Canned = Schemas['CannedAnswer'];

/** Config > Answers: the canned answers. */
export function AnswersPage() {
  return (
    <Guarded permission="answers.manage">
      <CannedAnswers />
    </Guarded>
  );
}

function CannedAnswers() {
  const { shell } = useWords();
  const { answers: words } = useDeskWords();
  const { data, error, refetch } = useQuery(cannedQuery());
  const [edited, setEdited] = useState<Canned | 'new'>();
  const [removed, setRemoved] = useState<Canned>();
  const add = (
    <Button leftSection={<Icon name="plus" />} onClick={() => setEdited('new')}>
      {words.page.addCanned}
    </Button>
  );
  return (
    <Stack gap="md">
      <PageHeader title={shell.cannedAnswers} lead={words.page.lead} actions={add} />
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      <TableScroll className="panel">
        {!data && !error && <TableSkeleton rows={4} />}
        {data?.length === 0 && <EmptyState title={words.page.noCanned}>{words.page.noCannedWhat}</EmptyState>}
        {data !== undefined && data.length > 0 && (
          <CannedTable canned={data} onEdit={setEdited} onRemove={setRemoved} />
        )}
      </TableScroll>
      {edited && <CannedDialog {...(edited !== 'new' && { canned: edited })} onClose={() => setEdited(undefined)} />}
      {removed && (
        <RemovalDialog
          title={words.page.removeTitle(removed.name)}
          what={words.page.removeWhat}
          removed={words.page.removed(removed.name)}
          remove={() => take(api.DELETE('/api/v1/canned-answers/{id}', { params: { path: { id: removed.id } } }))}
          listKey={CANNED}
          onClose={() => setRemoved(undefined)}
        />
      )}
    </Stack>
  );
}

interface CannedTableProps {
  readonly canned: readonly Canned[];
  readonly onEdit: (canned: Canned) => void;
  readonly onRemove: (canned: Canned) => void;
}

function CannedTable({ canned, onEdit, onRemove }: CannedTableProps) {
  const { answers: words } = useDeskWords();
  const isNarrow = useIsNarrow();
  return (
    <Table aria-label={words.page.table} highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{words.page.name}</Table.Th>
          {!isNarrow && <Table.Th w={140}>{words.page.changed}</Table.Th>}
          <ActionsHeader w={88} />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {canned.map((each) => (
          <Table.Tr key={each.id}>
            <Table.Td className="subject">
              <Text size="sm" fw={500} truncate>
                {each.name}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {wordsOfHtml(each.html)}
              </Text>
            </Table.Td>
            {!isNarrow && (
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <Since time={each.updatedAt} />
              </Table.Td>
            )}
            <Table.Td>
              <Group gap={4} wrap="nowrap" justify="end">
                <IconAction icon="edit" label={words.page.editOf(each.name)} onClick={() => onEdit(each)} />
                <IconAction icon="cross" label={words.page.removeOf(each.name)} onClick={() => onRemove(each)} />
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
