import { Button, Group, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { knownWord } from '../parts/known-word.ts';
import { newestPages } from '../parts/newest-pages.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { ServerWords } from '../parts/server-words.tsx';
import { Since } from '../parts/since.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { TableSkeleton } from '../parts/table-skeleton.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { askAgainEvery } from '../shell/live-changes.ts';

/** As many as fit beside the facts. */
const { limit, nextPageParam, rowsOf } = newestPages(10);

/** Recent drains of the mailbox, with counts. */
export function DrainsTable({ account }: { readonly account: Schemas['Account'] }) {
  const { id, reading } = account;
  const { account: words } = useDeskWords();
  const { common, locale } = useWords();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['account', id, 'drains'],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit, ...(pageParam === undefined ? {} : { before: pageParam }) };
      return (await take(api.GET('/api/v1/email/accounts/{id}/drains', { signal, params: { path: { id }, query } })))
        .drains;
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: nextPageParam,
    refetchInterval: askAgainEvery(),
  });
  const drains = rowsOf(data?.pages);
  return (
    <section className="panel" aria-labelledby="drains">
      <Title order={2} id="drains" className="panel-body" pb={4}>
        {words.drains}
      </Title>
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <TableSkeleton rows={3} />}
      {drains?.length === 0 && (
        <Text size="sm" c="dimmed" className="panel-body" pt={4}>
          {reading === 'catching-up' ? words.drainsFirst : words.drainsNone}
        </Text>
      )}
      {drains !== undefined && drains.length > 0 && (
        <TableScroll>
          <Table aria-labelledby="drains">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.when}</Table.Th>
                <Table.Th className="numeric">{words.captured}</Table.Th>
                <Table.Th className="numeric drops-third">{words.known}</Table.Th>
                <Table.Th className="numeric drops-third">{words.skipped}</Table.Th>
                <Table.Th className="numeric drops-third">{words.parked}</Table.Th>
                <Table.Th>{words.ended}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {drains.map((drain) => (
                <Table.Tr key={drain.id}>
                  <Table.Td>
                    <span style={{ whiteSpace: 'nowrap' }}>
                      <Since time={drain.finishedAt} />
                    </span>
                    <NotCaptured drain={drain} />
                  </Table.Td>
                  <Table.Td className="numeric">{drain.captured.toLocaleString(locale)}</Table.Td>
                  <Table.Td className="numeric drops-third">{drain.known.toLocaleString(locale)}</Table.Td>
                  <Table.Td className="numeric drops-third">{drain.skipped.toLocaleString(locale)}</Table.Td>
                  <Table.Td className="numeric drops-third">{drain.quarantined.toLocaleString(locale)}</Table.Td>
                  <Table.Td>
                    {knownWord(words.endings, drain.outcome)}
                    {drain.words !== null && (
                      <Text size="xs" c="dimmed">
                        <ServerWords reason={drain.reason}>{drain.words}</ServerWords>
                      </Text>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </TableScroll>
      )}
      {hasNextPage && (
        <Group className="panel-body" pt="xs">
          <Button variant="default" size="compact-sm" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
            {common.more}
          </Button>
        </Group>
      )}
    </section>
  );
}

/** Counts without a column of their own, if any. */
function NotCaptured({ drain: { known, skipped, quarantined } }: { readonly drain: Schemas['Drain'] }) {
  const { account: words } = useDeskWords();
  const { locale } = useWords();
  const counts = [
    [words.known, known],
    [words.skipped, skipped],
    [words.parked, quarantined],
  ] as const;
  return counts
    .filter(([, count]) => count > 0)
    .map(([what, count]) => (
      <Text key={what} size="xs" c="dimmed" className="only-narrow">
        {what}: {count.toLocaleString(locale)}
      </Text>
    ));
}
