import { Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { ServerWords } from '../parts/server-words.tsx';
import { Since } from '../parts/since.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { TableSkeleton } from '../parts/table-skeleton.tsx';
import { useWords } from '../shell/languages.tsx';
import { askAgainEvery } from '../shell/live-changes.ts';

/** As many as fit beside the facts. */
const SHOWN = 10;

/** What was read of the mailbox lately, with counts. */
export function DrainsTable({ account }: { readonly account: Schemas['Account'] }) {
  const { id, reading } = account;
  const { account: words, locale } = useWords();
  const { data, error, refetch } = useQuery({
    queryKey: ['account', id, 'drains'],
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/email/accounts/{id}/drains', { signal, params: { path: { id }, query: { limit: SHOWN } } }),
      ),
    refetchInterval: askAgainEvery(),
  });
  return (
    <section className="panel" aria-labelledby="drains">
      <Title order={2} id="drains" className="panel-body" pb={4}>
        {words.drains}
      </Title>
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <TableSkeleton rows={3} />}
      {data?.drains.length === 0 && (
        <Text size="sm" c="dimmed" className="panel-body" pt={4}>
          {reading === 'catching-up' ? words.drainsFirst : words.drainsNone}
        </Text>
      )}
      {data !== undefined && data.drains.length > 0 && (
        <TableScroll>
          <Table aria-labelledby="drains">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.when}</Table.Th>
                <Table.Th className="numeric">{words.captured}</Table.Th>
                <Table.Th className="numeric">{words.known}</Table.Th>
                <Table.Th className="numeric">{words.skipped}</Table.Th>
                <Table.Th className="numeric">{words.parked}</Table.Th>
                <Table.Th>{words.ended}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.drains.map((drain) => (
                <Table.Tr key={drain.id}>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>
                    <Since time={drain.finishedAt} />
                  </Table.Td>
                  <Table.Td className="numeric">{drain.captured.toLocaleString(locale)}</Table.Td>
                  <Table.Td className="numeric">{drain.known.toLocaleString(locale)}</Table.Td>
                  <Table.Td className="numeric">{drain.skipped.toLocaleString(locale)}</Table.Td>
                  <Table.Td className="numeric">{drain.quarantined.toLocaleString(locale)}</Table.Td>
                  <Table.Td>
                    {words.endings[drain.outcome]}
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
    </section>
  );
}
