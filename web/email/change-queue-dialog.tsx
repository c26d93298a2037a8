import { Select, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { DEFAULT_QUEUE, draftOf, isSameRouting, rulesToSend, withOtherQueue } from '../account/draft.ts';
import { routingQuery } from '../account/routing-query.ts';
import { api, type Schemas, take } from '../api/client.ts';
import { isKind } from '../api/problem-error.ts';
import { StatusLabel } from '../parts/status-label.tsx';
import { queuesQuery } from '../queues/queues-query.ts';
import { useDeskWords } from '../shell/languages.tsx';
import { EachAccountDialog } from './each-account-dialog.tsx';

type Account = Schemas['Account'];

interface ChangeQueueDialogProps {
  readonly accounts: readonly Account[];
  readonly onClose: () => void;
}

/** Attempts for an account whose routing others save meanwhile. */
const MOST_ATTEMPTS = 3;

/** Leads mail of accounts to another queue, each for itself: that of the default queue, or all that goes to one queue. */
export function ChangeQueueDialog({ accounts, onClose }: ChangeQueueDialogProps) {
  const { bulk } = useDeskWords();
  const words = bulk.changingQueue;
  const queryClient = useQueryClient();
  const { data: queues = [] } = useQuery(queuesQuery);
  const [from, setFrom] = useState<string>(DEFAULT_QUEUE);
  const [chosen, setChosen] = useState<string | null>(null);
  // A queue does not take its own place.
  const to = chosen === from ? null : chosen;
  const count = useRef(accounts.length).current;
  const choices = queues.map(({ id, name }) => ({ value: id, label: name }));

  async function change({ id }: Account): Promise<'changed' | 'unchanged'> {
    const params = { path: { id } };
    for (let attempt = 1; ; attempt += 1) {
      const saved = draftOf(await take(api.GET('/api/v1/email/accounts/{id}/routing', { params })));
      const next = withOtherQueue(saved, from, to ?? '');
      if (isSameRouting(saved, next)) return 'unchanged';
      const { version, defaultQueueId } = next;
      const body = { version, defaultQueueId, rules: rulesToSend(next) };
      try {
        const routing = await take(api.PUT('/api/v1/email/accounts/{id}/routing', { params, body }));
        queryClient.setQueryData(routingQuery(id).queryKey, routing);
        return 'changed';
      } catch (error) {
        if (!isKind(error, 'other-version') || attempt === MOST_ATTEMPTS) throw error;
      }
    }
  }

  return (
    <EachAccountDialog
      accounts={accounts}
      act={change}
      titles={{ asks: words.title(count), underWay: words.underWay(count), done: words.changed, notAll: bulk.notAll }}
      confirm={words.confirm(count)}
      isReady={to !== null}
      outcome={(outcome) =>
        outcome === 'changed' ? (
          <StatusLabel tone="good">{words.done}</StatusLabel>
        ) : (
          <StatusLabel tone="idle">{words.unchanged}</StatusLabel>
        )
      }
      working={words.working}
      failed={bulk.failed}
      onClose={onClose}
    >
      <Select
        label={words.from}
        data={[{ value: DEFAULT_QUEUE, label: words.anyDefault }, ...choices]}
        value={from}
        onChange={(queueId) => setFrom(queueId ?? DEFAULT_QUEUE)}
        allowDeselect={false}
        searchable
      />
      <Select
        label={words.to}
        data={choices.filter(({ value }) => value !== from)}
        value={to}
        onChange={setChosen}
        allowDeselect={false}
        searchable
        data-autofocus
      />
      <Text size="sm">{words.what}</Text>
    </EachAccountDialog>
  );
}
