import { Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, take } from '../api/client.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useWords } from '../shell/languages.tsx';
import { type Draft, rulesToSend } from './draft.ts';
import { MarkedSubject } from './marked-subject.tsx';

interface TryRoutingProps {
  readonly accountId: string;
  readonly draft: Draft;
  /** Position of the winning rule from 1, 0 for the default queue, undefined while nothing is tried. */
  readonly onWinner: (position: number | undefined) => void;
}

/** Waits until the typing pauses, in milliseconds. */
const TRY_DELAY_MS = 250;
/** Received messages to choose from, and in how many queues they are looked for. */
const OFFERED = 30;
const QUEUES_SEARCHED = 6;

/** Where a subject would go with the rules as they are being edited. */
export function TryRouting({ accountId: id, draft, onWinner }: TryRoutingProps) {
  const { routing: words } = useWords();
  const [subject, setSubject] = useState('');
  const routing = {
    defaultQueueId: draft.defaultQueueId,
    rules: rulesToSend(draft).filter(({ keywords }) => keywords.length > 0),
  };
  const [trial] = useDebouncedValue({ subject, routing }, TRY_DELAY_MS);
  const { data, error } = useQuery({
    queryKey: ['try', id, trial],
    queryFn: () => take(api.POST('/api/v1/email/accounts/{id}/routing/try', { params: { path: { id } }, body: trial })),
    enabled: trial.subject !== '',
    placeholderData: keepPreviousData,
    retry: false,
  });
  const verdict = subject === '' ? undefined : data;
  // Rules without keywords are not tried, so positions are counted among the others.
  const tried = draft.rules.flatMap(({ keywords }, index) => (keywords.length > 0 ? [index + 1] : []));
  const winner = verdict && (verdict.rule ? tried[verdict.rule.position - 1] : 0);
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
        <ReceivedMessages accountId={id} draft={draft} onChoose={setSubject} />
        <div aria-live="polite">
          {error && subject !== '' && <ProblemNotice error={error} />}
          {verdict && !error && (
            <Stack gap={4} className="verdict">
              <Text size="xs" c="dimmed">
                {words.goesTo}
              </Text>
              <Text fw={600}>{verdict.queue.name}</Text>
              <MarkedSubject subject={verdict.subject} matched={verdict.rule?.matched ?? null} />
              <Text size="sm">
                {verdict.rule
                  ? words.byRule(winner ?? verdict.rule.position, verdict.rule.keyword)
                  : verdict.decision.by === 'default' && words.because[verdict.decision.because]}
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
  readonly draft: Draft;
  readonly onChoose: (subject: string) => void;
}

/** The newest messages of the account, wherever its rules have put them. */
function ReceivedMessages({ accountId, draft, onChoose }: ReceivedMessagesProps) {
  const { routing: words } = useWords();
  const queueIds = [...new Set([draft.defaultQueueId, ...draft.rules.map(({ queueId }) => queueId)])];
  const { data = [] } = useQuery({
    queryKey: ['received', accountId, queueIds],
    queryFn: () => readReceived(accountId, queueIds.slice(0, QUEUES_SEARCHED)),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });
  return (
    <Select
      label={words.or}
      placeholder={data.length === 0 ? words.receivedNone : words.received}
      data={data.map(({ id, subject }) => ({ value: id, label: subject || words.noSubject }))}
      disabled={data.length === 0}
      value={null}
      onChange={(id) => onChoose(data.find((item) => item.id === id)?.subject ?? '')}
      searchable
    />
  );
}

async function readReceived(accountId: string, queueIds: readonly string[]) {
  const pages = await Promise.all(
    queueIds.map((id) => {
      const query = { state: 'all' as const, order: 'newest' as const, pageSize: OFFERED };
      return take(api.GET('/api/v1/queues/{id}/items', { params: { path: { id }, query } }));
    }),
  );
  return pages
    .flatMap(({ items }) => items)
    .filter(({ account }) => account.id === accountId)
    .sort((one, other) => other.receivedAt.localeCompare(one.receivedAt))
    .slice(0, OFFERED);
}
