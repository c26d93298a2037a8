import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { Clamped } from '../parts/clamped.tsx';
import { formatExactly, formatMoment, Moment } from '../parts/moment.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { ServerWords } from '../parts/server-words.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { TableSkeleton } from '../parts/table-skeleton.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { askAgainEvery } from '../shell/live-changes.ts';
import { readAgain } from '../shell/read-again.ts';
import { useMay } from '../shell/session.ts';

/** Messages that could not be captured, with the reasons and a button to try again. */
export function Quarantine({ account }: { readonly account: Schemas['Account'] }) {
  const { id, currentAt, capturedToday } = account;
  const { account: words } = useDeskWords();
  const mayChange = useMay('accounts.change');
  const queryClient = useQueryClient();
  const queryKey = ['account', id, 'quarantine'];
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/email/accounts/{id}/quarantine', { signal, params: { path: { id } } })),
    refetchInterval: askAgainEvery(),
  });
  const retry = useMutation({
    mutationFn: (messageId: string) =>
      take(
        api.POST('/api/v1/email/accounts/{id}/quarantine/{messageId}/retry', {
          params: { path: { id, messageId } },
          body: {},
        }),
      ),
    onSettled: (_answer, error) => readAgain(queryClient, error, queryKey),
  });
  return (
    <section className="panel panel-body" aria-labelledby="quarantine">
      <Title order={2} id="quarantine" mb="sm">
        {words.quarantine}
      </Title>
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <TableSkeleton rows={1} />}
      {data?.messages.length === 0 && (
        <StatusLabel tone={currentAt === null ? 'idle' : 'good'}>
          <Text size="sm" span>
            {currentAt !== null
              ? words.quarantineNone
              : capturedToday > 0
                ? words.quarantineNoneYet
                : words.quarantineNothingRead}
          </Text>
        </StatusLabel>
      )}
      <Stack gap="sm">
        {data?.messages.map((message) => (
          <Group key={message.id} justify="space-between" align="start" gap="xs">
            <div style={{ flex: '1 1 14rem', minWidth: 0 }}>
              {message.preview?.subject && (
                <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
                  <Clamped lines={2}>
                    <bdi>{message.preview.subject}</bdi>
                  </Clamped>
                </Text>
              )}
              <Text size="sm">
                <ServerWords reason={message.reason}>{message.words}</ServerWords>
              </Text>
              <Preview message={message} />
              <Text size="xs" c="dimmed">
                <Moment time={message.lastAt} />, {words.attempts}: {message.attempts}
                {message.code !== null && `, ${message.code}`}
                {message.retryAt !== null && message.state === 'parked' && (
                  <>
                    . {words.triedAgain} <Moment time={message.retryAt} />
                  </>
                )}
              </Text>
            </div>
            {message.state === 'retrying' ? (
              <Text size="xs" c="dimmed" role="status">
                {words.retrying}
              </Text>
            ) : (
              mayChange && (
                <Button
                  size="compact-sm"
                  variant="default"
                  style={{ flex: 'none' }}
                  loading={retry.isPending && retry.variables === message.id}
                  onClick={() => retry.mutate(message.id)}
                >
                  {words.retry}
                </Button>
              )
            )}
            {retry.variables === message.id && <RequestNotice request={retry} />}
          </Group>
        ))}
      </Stack>
    </section>
  );
}

/** What could be read of a message, so that a person can find it in the mailbox. */
function Preview({
  message: { id, preview, receivedAt: knownAt, firstAt },
}: {
  readonly message: Schemas['Quarantined'];
}) {
  const { account: words } = useDeskWords();
  const { locale } = useWords();
  if (preview === null) {
    return (
      <Text size="xs" c="dimmed">
        {words.previewNone}{' '}
        {knownAt !== null
          ? words.receivedOn(formatExactly(knownAt, locale))
          : words.firstSeen(formatExactly(firstAt, locale), id.slice(-6))}
      </Text>
    );
  }
  const { from, receivedAt, text } = preview;
  const sender = from?.name ?? from?.address;
  return (
    <details className="headers">
      <summary>{words.preview}</summary>
      <Text size="sm" mt={4} style={{ overflowWrap: 'anywhere' }}>
        {sender !== undefined && (
          <>
            {words.from} <bdi>{sender}</bdi>
            {receivedAt !== null && ', '}
          </>
        )}
        {receivedAt !== null && `${words.received} ${formatMoment(receivedAt, locale)}`}
      </Text>
      {text !== null && (
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}>
          <bdi>{text}</bdi>
        </Text>
      )}
    </details>
  );
}
