import { Button, Group, NativeSelect, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { Icon } from '../parts/icon.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { DownloadNotice, useDownload } from '../parts/use-download.tsx';
import { Guarded } from '../shell/guarded.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { AgentsOnBoard } from './agents-on-board.tsx';
import { boardQuery, ownTimeZone } from './board-query.ts';
import { DaysOnBoard } from './days-on-board.tsx';
import { HeldItems } from './held-items.tsx';
import { QueuesOnBoard } from './queues-on-board.tsx';

const spans = [7, 14, 30, 90] as const;

/** What supervisors watch: queues, agents, the items being worked on, and the last days. */
export function BoardPage() {
  return (
    <Guarded permission="items.supervise">
      <Board />
    </Guarded>
  );
}

function Board() {
  const { board: words } = useDeskWords();
  const [params, setParams] = useSearchParams();
  const days = spans.find((span) => String(span) === params.get('days')) ?? spans[0];
  const { data, error, refetch } = useQuery(boardQuery(days));
  const query = new URLSearchParams({ days: String(days), timeZone: ownTimeZone });
  const lines = useDownload(`/api/v1/board.csv?${query}`);
  return (
    <Stack gap="lg">
      <PageHeader
        title={words.title}
        lead={words.lead}
        actions={
          <Group gap="xs">
            <NativeSelect
              aria-label={words.days}
              value={days}
              onChange={({ currentTarget }) => setParams({ days: currentTarget.value }, { replace: true })}
              data={spans.map((value) => ({ value: String(value), label: words.lastDays(value) }))}
            />
            <Button component="a" variant="default" {...lines.link} leftSection={<Icon name="download" />}>
              {words.export}
            </Button>
          </Group>
        }
      />
      <DownloadNotice download={lines} />
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={400} radius="md" />}
      {data && (
        <>
          <QueuesOnBoard queues={data.queues} />
          <AgentsOnBoard agents={data.agents} />
          <HeldItems items={data.held} />
          <DaysOnBoard days={data.days} />
          <Text size="xs" c="dimmed">
            {words.waitWhat}
          </Text>
        </>
      )}
    </Stack>
  );
}
