import { Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../api/client.ts';
import { Age } from '../parts/age.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { Guarded } from '../shell/guarded.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { DueMark } from './due-mark.tsx';
import { ItemLink } from './item-link.tsx';
import { ItemState } from './item-state.tsx';
import { mineQuery } from './queues-query.ts';
import { useRowKeys } from './use-row-keys.ts';

const groups = ['held', 'assigned', 'mentioned', 'parked'] as const;

/** What waits for the user, by why. */
export function MyItemsPage() {
  return (
    <Guarded permission="items.work">
      <MyItems />
    </Guarded>
  );
}

function MyItems() {
  const { shell } = useWords();
  const { work } = useDeskWords();
  const { data, error, refetch } = useQuery(mineQuery);
  useRowKeys();
  const shown = groups.filter((group) => (data?.[group].length ?? 0) > 0);
  return (
    <Stack gap="md">
      <PageHeader title={shell.myItems} lead={work.mineLead} />
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={200} radius="md" />}
      {data && shown.length === 0 && <EmptyState title={work.mineNone}>{work.mineNoneWhat}</EmptyState>}
      {data &&
        shown.map((group) => (
          <section key={group} aria-labelledby={group}>
            <Title order={2} id={group} mb={6}>
              {work.mineGroups[group]}
            </Title>
            <TableScroll className="panel">
              <Table highlightOnHover aria-labelledby={group}>
                <Table.Tbody>
                  {data[group].map((item) => (
                    <Row key={item.id} item={item} />
                  ))}
                </Table.Tbody>
              </Table>
            </TableScroll>
          </section>
        ))}
    </Stack>
  );
}

function Row({ item }: { readonly item: Schemas['Item'] }) {
  const { queues } = useWords();
  return (
    <Table.Tr>
      <Table.Td className="subject">
        <Text size="sm" truncate component="div">
          <ItemLink item={item} />
        </Text>
        <Text size="xs" c="dimmed" component="div">
          <bdi>{item.from?.name ?? item.from?.address ?? queues.noSender}</bdi>
          {item.queue && ` · ${item.queue.name}`} · <Age time={item.receivedAt} />
        </Text>
        <Text size="xs" component="div">
          <ItemState item={item} /> <DueMark item={item} />
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
