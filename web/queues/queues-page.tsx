import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
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
import { useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { QueueDialog } from './queue-dialog.tsx';
import { QUEUES, queuesQuery } from './queues-query.ts';
import { useRowKeys } from './use-row-keys.ts';

type Queue = Schemas['Queue'];

/** All queues, with the items that wait in them. */
export function QueuesPage() {
  return (
    <Guarded permission="queues.read">
      <Queues />
    </Guarded>
  );
}

function Queues() {
  const { queues: words, common, locale } = useWords();
  const mayChange = useMay('queues.change');
  useRowKeys();
  const [edited, setEdited] = useState<Queue | 'new'>();
  const [removed, setRemoved] = useState<Queue>();
  const isNarrow = useIsNarrow();
  const { data, error, refetch } = useQuery(queuesQuery);
  const add = (
    <Button leftSection={<Icon name="plus" />} onClick={() => setEdited('new')}>
      {words.add}
    </Button>
  );
  return (
    <Stack gap="md">
      <PageHeader title={words.title} lead={words.lead} actions={mayChange && data?.length !== 0 && add} />
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      <TableScroll className="panel">
        {!data && !error && <TableSkeleton rows={4} />}
        {data?.length === 0 && (
          <EmptyState title={words.empty} action={mayChange && add}>
            {words.emptyWhat}
          </EmptyState>
        )}
        {data !== undefined && data.length > 0 && (
          <Table highlightOnHover aria-label={words.title}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th {...(isNarrow && { w: '100%' })}>{words.name}</Table.Th>
                {!isNarrow && <Table.Th>{words.description}</Table.Th>}
                {!isNarrow && (
                  <>
                    <Table.Th className="numeric">{words.waiting}</Table.Th>
                    <Table.Th>{words.oldest}</Table.Th>
                    <Table.Th className="numeric">{words.claimed}</Table.Th>
                  </>
                )}
                {mayChange && <ActionsHeader w={80} />}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((queue) => (
                <Table.Tr key={queue.id}>
                  <Table.Td className="name">
                    <Link className="row-link" to={`/queues/${queue.id}`}>
                      {queue.name}
                    </Link>
                    {isNarrow && <WaitingLine {...queue} />}
                  </Table.Td>
                  {!isNarrow && <Table.Td c="dimmed">{queue.description}</Table.Td>}
                  {!isNarrow && (
                    <>
                      <Table.Td className="numeric">{queue.waiting.toLocaleString(locale)}</Table.Td>
                      <Table.Td style={{ whiteSpace: 'nowrap' }}>
                        {queue.oldestWaitingAt !== null && <Since time={queue.oldestWaitingAt} />}
                      </Table.Td>
                      <Table.Td className="numeric">{queue.claimed.toLocaleString(locale)}</Table.Td>
                    </>
                  )}
                  {mayChange && (
                    <Table.Td>
                      <Group gap={2} wrap="nowrap" justify="end">
                        <IconAction
                          icon="edit"
                          label={`${words.edit}: ${queue.name}`}
                          onClick={() => setEdited(queue)}
                        />
                        <IconAction
                          icon="cross"
                          label={`${common.remove}: ${queue.name}`}
                          onClick={() => setRemoved(queue)}
                        />
                      </Group>
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </TableScroll>
      {edited && (
        <QueueDialog
          {...(edited === 'new' ? {} : { queue: edited })}
          onClose={() => setEdited(undefined)}
          onSaved={() => setEdited(undefined)}
        />
      )}
      {removed && <RemoveQueueDialog queue={removed} onClose={() => setRemoved(undefined)} />}
    </Stack>
  );
}

/** What the columns of a wide window say, below the name: beside it, long names would be broken within their words. */
function WaitingLine({ waiting, oldestWaitingAt, claimed }: Queue) {
  const { queues: words, locale } = useWords();
  return (
    <Text size="xs" c="dimmed">
      {words.waiting}: {waiting.toLocaleString(locale)}
      {oldestWaitingAt !== null && (
        <>
          {' · '}
          {words.oldest}: <Since time={oldestWaitingAt} />
        </>
      )}
      {claimed > 0 && ` · ${words.claimed}: ${claimed.toLocaleString(locale)}`}
    </Text>
  );
}

interface RemoveQueueDialogProps {
  readonly queue: Queue;
  readonly onClose: () => void;
}

function RemoveQueueDialog({ queue: { id, name, waiting, claimed }, onClose }: RemoveQueueDialogProps) {
  const { queues: words } = useWords();
  const open = waiting + claimed;
  return (
    <RemovalDialog
      title={words.removeTitle(name)}
      what={open > 0 ? words.removeNot(open) : words.removeWhat}
      isImpossible={open > 0}
      leadsTo={
        open > 0
          ? { to: `/queues/${id}?state=${waiting > 0 ? 'waiting' : 'claimed'}`, name: words.showOpen }
          : undefined
      }
      removed={words.removed(name)}
      remove={() => take(api.DELETE('/api/v1/queues/{id}', { params: { path: { id } } }))}
      listKey={QUEUES}
      onClose={onClose}
    />
  );
}
