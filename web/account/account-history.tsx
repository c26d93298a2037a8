import { Button, Group, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { EventWords } from '../parts/event-words.tsx';
import { Moment } from '../parts/moment.tsx';
import { newestPages } from '../parts/newest-pages.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TableSkeleton } from '../parts/table-skeleton.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { askAgainEvery } from '../shell/live-changes.ts';
import type { DeskWords } from '../words/en/desk.ts';

const { limit, nextPageParam, rowsOf } = newestPages(20);

/** The actor: a person, an API key, the command line, an operator of Temporal, or Mailroom itself. */
function actorOf({ actor, actorName }: Schemas['AccountEvent'], words: DeskWords['account']['actors']): string {
  if (actor.startsWith('key:')) return actorName === null ? words.goneKey : words.key(actorName);
  if (actor.startsWith('user:')) return actorName ?? words.removedUser;
  if (actor === 'temporal') return words.temporal;
  return actor === 'cli' ? words.cli : 'Mailroom';
}

/** The account's events in words, with their actors. */
export function AccountHistory({ accountId: id }: { readonly accountId: string }) {
  const { account: words } = useDeskWords();
  const { common } = useWords();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['account', id, 'events'],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit, ...(pageParam === undefined ? {} : { before: pageParam }) };
      return (await take(api.GET('/api/v1/email/accounts/{id}/events', { signal, params: { path: { id }, query } })))
        .events;
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: nextPageParam,
    refetchInterval: askAgainEvery(),
  });
  const events = rowsOf(data?.pages);
  return (
    <section className="panel panel-body" aria-labelledby="history">
      <Title order={2} id="history" mb="sm">
        {words.history}
      </Title>
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <TableSkeleton rows={3} />}
      {events?.length === 0 && (
        <Text size="sm" c="dimmed">
          {words.historyNone}
        </Text>
      )}
      <ol className="timeline">
        {events?.map((event) => (
          <li key={event.id} className="timeline-entry">
            <Text size="sm">
              <EventWords event={event} />
            </Text>
            <Text size="xs" c="dimmed">
              <Moment time={event.at} />, {words.by(actorOf(event, words.actors))}
              {event.signedInAs !== null && ` · ${words.signedInAs} ${event.signedInAs}`}
            </Text>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Group mt="sm">
          <Button variant="default" size="compact-sm" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
            {common.more}
          </Button>
        </Group>
      )}
    </section>
  );
}
