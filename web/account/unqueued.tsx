import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, type Schemas, take } from '../api/client.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { shownSubject } from '../parts/shown-subject.ts';
import { Since } from '../parts/since.tsx';
import { noQueueWords } from '../queues/no-queue-words.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { askAgainEvery } from '../shell/live-changes.ts';
import { readAgain } from '../shell/read-again.ts';
import { useMay } from '../shell/session.ts';

/** Mail in no queue, with the reasons and a button to route it. Hidden when there is none. */
export function Unqueued({ account: { id, unqueuedItems } }: { readonly account: Schemas['Account'] }) {
  const { account: words, item } = useDeskWords();
  const { queues } = useWords();
  const mayRoute = useMay('routing.change');
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['account', id, 'unqueued'],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/email/accounts/{id}/unqueued', { signal, params: { path: { id } } })),
    refetchInterval: askAgainEvery(),
    enabled: unqueuedItems > 0,
  });
  const route = useMutation({
    mutationFn: () =>
      take(api.POST('/api/v1/email/accounts/{id}/unqueued/route', { params: { path: { id } }, body: {} })),
    onSuccess: ({ routed, left }) => announce(words.routedAgain(routed, left)),
    onSettled: (_answer, error) => readAgain(queryClient, error, ['account', id]),
  });
  if (unqueuedItems === 0) return null;
  return (
    <section className="panel panel-body" aria-labelledby="unqueued">
      <Group justify="space-between" mb="xs">
        <Title order={2} id="unqueued">
          {words.unqueued(unqueuedItems)}
        </Title>
        {mayRoute && (
          <Button
            size="compact-sm"
            variant="default"
            aria-busy={route.isPending}
            onClick={() => !route.isPending && route.mutate()}
          >
            {words.routeAgain}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {words.unqueuedWhat}
      </Text>
      <RequestNotice request={route} onRetry={() => route.mutate()} />
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      <Stack gap="sm">
        {data?.items.map(({ id: itemId, subject, receivedAt, contentDeletedAt, decision }) => (
          <div key={itemId}>
            <Link className="row-link" to={`/items/${itemId}`}>
              <span className="clamped">
                <bdi>{shownSubject(subject, contentDeletedAt === null ? queues.noSubject : queues.contentDeleted)}</bdi>
              </span>
            </Link>
            <Text size="xs" c="dimmed">
              <Since time={receivedAt} />. {noQueueWords(decision, item)}
            </Text>
          </div>
        ))}
      </Stack>
    </section>
  );
}
