import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { serverClock } from '../api/server-clock.ts';
import { formatMoment } from '../parts/moment.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { Since } from '../parts/since.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { TableSkeleton } from '../parts/table-skeleton.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { askAgainEvery } from '../shell/live-changes.ts';
import { readAgain } from '../shell/read-again.ts';
import { useMay } from '../shell/session.ts';
import { Differences } from './differences.tsx';

/** How many differences are shown at first, and after asking for more. */
const STEPS = [10, 100, 500] as const;
/**
 * Screen readers announce the start and the end of a reconciliation; its progress, which changes every two seconds, is
 * not announced.
 */
const POLL_EVERY_MS = 2_000;

/** Completeness of the mailbox: the last reconciliation, the running one, and messages that were missing. */
export function Completeness({ account }: { readonly account: Schemas['Account'] }) {
  const { completeness: words } = useDeskWords();
  const { common } = useWords();
  const mayChange = useMay('accounts.change');
  const queryClient = useQueryClient();
  const [step, setStep] = useState(0);
  const { id, state } = account;
  const limit = STEPS[step] ?? STEPS[0];
  const queryKey = ['account', id, 'completeness'];
  const { data, error, refetch } = useQuery({
    queryKey: [...queryKey, limit],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/email/accounts/{id}/completeness', { signal, params: { path: { id }, query: { limit } } })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data: found } }) => (found?.underWay ? POLL_EVERY_MS : askAgainEvery()()),
  });
  const compare = useMutation({
    mutationFn: () =>
      take(api.POST('/api/v1/email/accounts/{id}/completeness', { params: { path: { id } }, body: {} })),
    onSettled: (_answer, error) => readAgain(queryClient, error, queryKey),
  });
  const isRead = state === 'authenticated';
  const isUnderWay = data !== undefined && data.underWay !== null;
  // An interrupted reconciliation continues after some minutes, or when a person asks for it.
  const isWaiting = isUnderWay && Date.parse(data.dueAt) > serverClock.now();
  const isDue = data !== undefined && isRead && !isUnderWay && Date.parse(data.dueAt) <= serverClock.now();
  return (
    <section className="panel panel-body" aria-labelledby="completeness">
      <Group justify="space-between" align="start" gap="xs" mb="sm">
        <Title order={2} id="completeness">
          {words.title}
        </Title>
        {mayChange && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => compare.mutate()}
            loading={compare.isPending}
            disabled={!isRead || (isUnderWay && !isWaiting) || isDue}
          >
            {words.compare}
          </Button>
        )}
      </Group>
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      <RequestNotice request={compare} />
      {!data && !error && <TableSkeleton rows={1} />}
      {data !== undefined && (
        <Stack gap="sm">
          <div>
            <LastComparison completeness={data} isRead={isRead} isAhead={!isUnderWay && !isDue} />
            <div role="status">
              {(isUnderWay || isDue) && (
                <Group gap="xs" mt="sm">
                  <Loader size="xs" />
                  <Text size="sm">{isDue ? words.due : words.underWay}</Text>
                </Group>
              )}
            </div>
          </div>
          {data.underWay !== null && (
            <Text size="xs" c="dimmed">
              {words.soFar(data.underWay.seen, data.underWay.known)}
            </Text>
          )}
          {data.leftOut.length > 0 && <LeftOut leftOut={data.leftOut} captureFrom={account.captureFrom} />}
          {data.differences.length > 0 && <Differences differences={data.differences} />}
          {data.differences.length === limit && step < STEPS.length - 1 && (
            <Group justify="center">
              <Button size="compact-sm" variant="default" onClick={() => setStep(step + 1)}>
                {common.more}
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </section>
  );
}

interface LeftOutProps {
  readonly leftOut: Schemas['Completeness']['leftOut'];
  readonly captureFrom: string | null;
}

/** The mail of the inbox that is not captured on purpose, and why. */
function LeftOut({ leftOut, captureFrom }: LeftOutProps) {
  const { completeness: words } = useDeskWords();
  const { locale } = useWords();
  const from = captureFrom === null ? '' : formatMoment(captureFrom, locale);
  return (
    <div>
      <Text size="sm" fw={600}>
        {words.leftOut}
      </Text>
      <ul className="plain-list">
        {leftOut.map(({ reason, count }) => (
          <li key={reason}>
            <Text span size="sm">
              {words.leftOutBecause[reason](count, from)}
            </Text>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface LastComparisonProps {
  readonly completeness: Schemas['Completeness'];
  readonly isRead: boolean;
  /** The next reconciliation lies in the future and is not running. */
  readonly isAhead: boolean;
}

function LastComparison({ completeness, isRead, isAhead }: LastComparisonProps) {
  const { completeness: words } = useDeskWords();
  const { locale } = useWords();
  const { comparedAt, inMailbox, inLedger, inQuarantine, repaired, dueAt } = completeness;
  if (comparedAt === null || inMailbox === null || inLedger === null) {
    return (
      <Text size="sm" c="dimmed">
        {words.notYet} {!isRead ? words.notRead : isAhead && words.first(formatMoment(dueAt, locale))}
      </Text>
    );
  }
  return (
    <div>
      <StatusLabel tone={inLedger + inQuarantine < inMailbox ? 'bad' : inQuarantine > 0 ? 'warn' : 'good'}>
        <strong>{words.found(inLedger, inMailbox)}</strong> {words.inMailroom(inMailbox)}
        {inQuarantine > 0 && words.inQuarantine(inQuarantine)}
      </StatusLabel>
      {repaired > 0 && <Text size="sm">{words.repaired(repaired)}</Text>}
      <Text size="xs" c="dimmed">
        {words.compared} <Since time={comparedAt} />
        {!isRead ? `. ${words.notRead}` : isAhead && words.next(formatMoment(dueAt, locale))}
      </Text>
    </div>
  );
}
