import { Anchor, Button, ScrollArea, Select, Stack, Text, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { api, type Schemas, take } from '../api/client.ts';
import { ProblemError } from '../api/problem-error.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { FormActions } from '../parts/form-actions.tsx';
import { Notice } from '../parts/notice.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { queuesQuery } from '../queues/queues-query.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { ACCOUNTS } from './accounts-query.ts';
import { countAddresses, parseAddressList } from './parse-address-list.ts';

type Line = Schemas['ConnectedMailboxes']['lines'][number];

/** So many at a time: each answer shows how far it is. */
const AT_ONCE = 50;

/** Connects many mailboxes with application access, and says for each line what became of it. */
export function ConnectManyDialog({ onClose }: { readonly onClose: () => void }) {
  const { applicationAccess: words } = useDeskWords();
  const { adding, common } = useWords();
  const queryClient = useQueryClient();
  const queues = useQuery(queuesQuery);
  const [text, setText] = useState('');
  const [queueId, setQueueId] = useState<string | null>(null);
  const [lines, setLines] = useState<readonly Line[]>();
  const [isWorking, setWorking] = useState(false);
  const [error, setError] = useState<unknown>();
  const entries = useMemo(() => parseAddressList(text), [text]);
  const count = countAddresses(entries);

  /** What was connected before an interruption is found connected: all lines may be sent again. */
  async function connect(): Promise<void> {
    setWorking(true);
    setError(undefined);
    let done: readonly Line[] = [];
    try {
      for (let at = 0; at < entries.length; at += AT_ONCE) {
        setLines(done);
        const addresses = entries.slice(at, at + AT_ONCE);
        const queue = queueId === null ? {} : { defaultQueueId: queueId };
        const answer = await take(api.POST('/api/v1/email/accounts/connect', { body: { addresses, ...queue } }));
        done = [...done, ...answer.lines];
      }
    } catch (thrown) {
      setError(thrown);
    } finally {
      setLines(done.length > 0 ? done : undefined);
      setWorking(false);
      await queryClient.invalidateQueries({ queryKey: ACCOUNTS });
    }
  }

  const isUnused = error instanceof ProblemError && error.details.reason === 'application-access-unused';
  const notice = isUnused ? (
    <Notice tone="warn" urgent>
      {words.unused}{' '}
      <Anchor component={Link} to="/config/email/settings" size="sm">
        {words.toSettings}
      </Anchor>
    </Notice>
  ) : (
    error !== undefined && <ProblemNotice error={error} />
  );
  return (
    <Dialog onClose={onClose} title={words.many} isBusy={isWorking} closesOnClickOutside={false}>
      {lines === undefined || isWorking ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (count > 0 && !isWorking) void connect();
          }}
        >
          <Stack className="fields">
            <Textarea
              label={words.addresses}
              description={words.addressesHint}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              readOnly={isWorking}
              autosize
              minRows={6}
              maxRows={14}
              required
              data-autofocus
              autoComplete="off"
              spellCheck={false}
            />
            <Select
              label={adding.queue}
              description={adding.queueHint}
              data={(queues.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              value={queueId}
              onChange={setQueueId}
              clearable
              searchable
            />
            {isWorking && (
              <Text size="sm" role="status">
                {words.progress(lines?.length ?? 0, entries.length)}
              </Text>
            )}
            <DialogActions action={words.connect(count)} onCancel={onClose} below={notice} isDisabled={count === 0} />
          </Stack>
        </form>
      ) : (
        <Stack>
          <Outcomes lines={lines} />
          <FormActions below={notice}>
            {error !== undefined && (
              <Button variant="default" onClick={() => void connect()}>
                {words.retry}
              </Button>
            )}
            <Button onClick={onClose} data-autofocus>
              {common.close}
            </Button>
          </FormActions>
        </Stack>
      )}
    </Dialog>
  );
}

/** How many are connected, and each line that is not. */
function Outcomes({ lines }: { readonly lines: readonly Line[] }) {
  const { applicationAccess: words } = useDeskWords();
  const others = lines.filter(({ outcome }) => outcome !== 'connected');
  return (
    <>
      <Text role="status">{words.connected(lines.length - others.length)}</Text>
      {others.length > 0 && (
        <ScrollArea.Autosize mah={320} className="panel" type="auto" viewportProps={{ tabIndex: 0 }}>
          <ul className="removal-list">
            {others.map(({ text, outcome, accountId }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines repeat, and do not move
              <li key={at}>
                <span>
                  {accountId === null ? text : <Link to={`/config/email/accounts/${accountId}`}>{text}</Link>}
                </span>
                <StatusLabel tone={outcome === 'connected-before' ? 'good' : 'warn'}>
                  {words.outcomes[outcome]}
                </StatusLabel>
              </li>
            ))}
          </ul>
        </ScrollArea.Autosize>
      )}
    </>
  );
}
