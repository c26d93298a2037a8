import { Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, take } from '../api/client.ts';
import { Clamped } from '../parts/clamped.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { shownSubject } from '../parts/shown-subject.ts';
import { noQueueWords } from '../queues/no-queue-words.ts';
import { useDeskWords } from '../shell/languages.tsx';
import { askAgainEvery } from '../shell/live-changes.ts';
import { type Draft, draftToTry, triedPositions } from './draft.ts';
import { MarkedSubject } from './marked-subject.tsx';

interface TryRoutingProps {
  readonly accountId: string;
  readonly draft: Draft;
  /** Position of the winning rule from 1, 0 for the default queue, undefined while nothing is tried. */
  readonly onWinner: (position: number | undefined) => void;
}

/** Waits for a pause in typing, in milliseconds. */
const TRY_DELAY_MS = 250;
/** Received messages to choose from. */
const OFFERED = 50;

/** Where a subject would go with the edited rules. */
export function TryRouting({ accountId: id, draft, onWinner }: TryRoutingProps) {
  const { routing: words, item } = useDeskWords();
  const [subject, setSubject] = useState('');
  const [trial] = useDebouncedValue({ subject, routing: draftToTry(draft) }, TRY_DELAY_MS);
  const { data, error } = useQuery({
    queryKey: ['try', id, trial],
    queryFn: ({ signal }) =>
      take(api.POST('/api/v1/email/accounts/{id}/routing/try', { signal, params: { path: { id } }, body: trial })),
    enabled: trial.subject !== '',
    placeholderData: keepPreviousData,
    retry: false,
  });
  const verdict = subject === '' ? undefined : data;
  const winner = verdict && (verdict.rule ? triedPositions(draft)[verdict.rule.position - 1] : 0);
  useEffect(() => onWinner(winner), [winner, onWinner]);
  return (
    <div className="try panel-body">
      <Stack gap="sm">
        <Title order={2}>{words.tryTitle}</Title>
        <Text size="sm" c="dimmed">
          {words.tryWhat}
        </Text>
        <TextInput
          label={words.subject}
          value={subject}
          onChange={(event) => setSubject(event.currentTarget.value)}
          maxLength={10_000}
        />
        <ReceivedMessages accountId={id} onChoose={setSubject} />
        <div aria-live="polite">
          {error && subject !== '' && <ProblemNotice error={error} />}
          {verdict && !error && (
            <Stack gap={4} className="verdict">
              <Text size="xs" c="dimmed">
                {words.goesTo}
              </Text>
              <Text fw={600}>{verdict.queue?.name ?? words.noQueue}</Text>
              <Clamped lines={4}>
                <MarkedSubject subject={verdict.subject} matched={verdict.rule?.matched ?? null} />
              </Clamped>
              <Text size="sm">
                {verdict.rule
                  ? words.byRule(winner ?? verdict.rule.position, verdict.rule.keyword)
                  : verdict.decision.by === 'default'
                    ? words.because[verdict.decision.because]
                    : noQueueWords(verdict.decision, item)}
              </Text>
            </Stack>
          )}
        </div>
      </Stack>
    </div>
  );
}

interface ReceivedMessagesProps {
  readonly accountId: string;
  readonly onChoose: (subject: string) => void;
}

/** The newest messages of the account, in any queue. */
function ReceivedMessages({ accountId: id, onChoose }: ReceivedMessagesProps) {
  const { routing: words } = useDeskWords();
  const { data = [] } = useQuery({
    queryKey: ['received', id],
    queryFn: async ({ signal }) => {
      const params = { path: { id }, query: { limit: OFFERED } };
      return (await take(api.GET('/api/v1/email/accounts/{id}/messages', { signal, params }))).messages;
    },
    refetchInterval: askAgainEvery(),
  });
  return (
    <Select
      label={words.or}
      placeholder={data.length === 0 ? words.receivedNone : words.received}
      data={data.map((message) => ({ value: message.id, label: shownSubject(message.subject, words.noSubject) }))}
      disabled={data.length === 0}
      value={null}
      onChange={(chosen) => onChoose(data.find((message) => message.id === chosen)?.subject ?? '')}
      renderOption={({ option }) => {
        const message = data.find(({ id: messageId }) => messageId === option.value);
        return (
          <Stack gap={0} miw={0}>
            <Text size="sm" truncate>
              <bdi>{option.label}</bdi>
            </Text>
            <Text size="xs" c="dimmed" truncate>
              <bdi>{message?.from?.name ?? message?.from?.address}</bdi> · {message?.queue?.name}
            </Text>
          </Stack>
        );
      }}
      searchable
    />
  );
}
