import { Button, Group, Radio, ScrollArea, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { ProblemError } from '../api/problem-error.ts';
import { nameRequest } from '../api/request-name.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ProblemWords } from '../parts/problem-words.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { ACCOUNTS } from './accounts-query.ts';

type Account = Schemas['Account'];

interface RemoveAccountsDialogProps {
  readonly accounts: readonly Account[];
  readonly onRemoved: (ids: ReadonlySet<string>) => void;
  readonly onClose: () => void;
}

type Progress =
  | { readonly step: 'waiting' | 'working' }
  | { readonly step: 'alreadyRemoved'; readonly wasToErase: boolean }
  | { readonly step: 'done'; readonly itemsKept: number; readonly erases: boolean }
  | { readonly step: 'failed'; readonly error: unknown };

/** Removing waits for each account's workflow; a few at once keep it short without crowding out other requests. */
const AT_ONCE = 4;

/** Names the accounts, what is deleted and what is kept; after the confirmation shows each outcome. */
export function RemoveAccountsDialog({ accounts, onRemoved, onClose }: RemoveAccountsDialogProps) {
  const { common } = useWords();
  const { removing: words } = useDeskWords();
  const queryClient = useQueryClient();
  const named = useRef(accounts).current;
  // Kept for a retry: an account that was already removed returns its receipt.
  const name = useRef(nameRequest());
  const [progress, setProgress] = useState<ReadonlyMap<string, Progress>>();
  const [mail, setMail] = useState<'keep' | 'erase'>('keep');
  const mayErase = useMay('retention.change');

  async function remove(these: readonly Account[]): Promise<void> {
    const show = (id: string, step: Progress) => setProgress((now) => new Map(now).set(id, step));
    for (const { id } of these) show(id, { step: 'waiting' });
    const waiting = [...these];
    const work = async () => {
      for (let account = waiting.shift(); account; account = waiting.shift()) {
        const { id } = account;
        show(id, { step: 'working' });
        try {
          const params = { path: { id }, query: { ...name.current, mail } };
          const { itemsKept, erasureId } = await take(api.DELETE('/api/v1/email/accounts/{id}', { params }));
          show(id, { step: 'done', itemsKept, erases: erasureId !== null });
          onRemoved(new Set([id]));
        } catch (error) {
          // By another administrator, while this dialog was open.
          const isGone = error instanceof ProblemError && error.details.reason === 'no-such-account';
          show(id, isGone ? { step: 'alreadyRemoved', wasToErase: mail === 'erase' } : { step: 'failed', error });
          if (isGone) onRemoved(new Set([id]));
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await queryClient.invalidateQueries({ queryKey: ACCOUNTS });
  }

  const steps = [...(progress?.values() ?? [])];
  const done = steps.filter(({ step }) => step === 'done' || step === 'alreadyRemoved').length;
  const isWorking = steps.some(({ step }) => step === 'waiting' || step === 'working');
  const failed = named.filter(({ id }) => progress?.get(id)?.step === 'failed');
  const title =
    progress === undefined
      ? words.title(named.length)
      : isWorking
        ? words.underWay(named.length)
        : failed.length === 0
          ? words.removed(named.length)
          : words.notAll;
  return (
    <Dialog onClose={onClose} title={title} isBusy={isWorking}>
      <Stack>
        <ScrollArea.Autosize mah={260} className="panel" type="auto" viewportProps={{ tabIndex: 0 }}>
          <ul className="removal-list">
            {named.map(({ id, address }) => (
              <li key={id}>
                <span>{address}</span>
                <RemovalStep progress={progress?.get(id)} />
              </li>
            ))}
          </ul>
        </ScrollArea.Autosize>
        {progress === undefined ? (
          <Stack gap={6}>
            <Text size="sm">{words.goes}</Text>
            <Text size="sm">{words.stays}</Text>
            {mayErase && (
              <Radio.Group
                mt={6}
                label={words.mail}
                value={mail}
                onChange={(value) => setMail(value === 'erase' ? 'erase' : 'keep')}
              >
                <Stack gap={6} mt={6}>
                  <Radio value="keep" label={words.keepMail} />
                  <Radio value="erase" label={words.eraseMail} />
                </Stack>
              </Radio.Group>
            )}
          </Stack>
        ) : (
          <Text size="sm" role="status">
            {isWorking
              ? words.progress(done, named.length)
              : `${words.finished}: ${words.progress(done, named.length)}`}
          </Text>
        )}
        <Group justify="end" gap="xs">
          {progress === undefined ? (
            <>
              <Button variant="default" onClick={onClose} data-autofocus>
                {common.cancel}
              </Button>
              <Button color="red.9" onClick={() => void remove(named)}>
                {words.confirm(named.length)}
              </Button>
            </>
          ) : (
            <>
              {failed.length > 0 && !isWorking && (
                <Button variant="default" onClick={() => void remove(failed)}>
                  {words.retry}
                </Button>
              )}
              <Button onClick={onClose} disabled={isWorking}>
                {common.close}
              </Button>
            </>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

function RemovalStep({ progress }: { readonly progress: Progress | undefined }) {
  const { removing: words } = useDeskWords();
  if (progress === undefined) return null;
  switch (progress.step) {
    case 'done':
      return (
        <StatusLabel tone="good">
          {words.done}, {progress.erases ? words.erased : words.kept(progress.itemsKept)}
        </StatusLabel>
      );
    case 'alreadyRemoved':
      return (
        <StatusLabel tone={progress.wasToErase ? 'warn' : 'good'}>
          {progress.wasToErase ? `${words.alreadyRemoved}; ${words.notErased}` : words.alreadyRemoved}
        </StatusLabel>
      );
    case 'failed': {
      const { error } = progress;
      const isUnknown = error instanceof ProblemError && error.details.isOutcomeUnknown === true;
      return (
        <StatusLabel tone={isUnknown ? 'warn' : 'bad'}>
          {!isUnknown && `${words.failed}: `}
          <ProblemWords error={error} />
        </StatusLabel>
      );
    }
    default:
      return <StatusLabel tone="idle">{words[progress.step]}</StatusLabel>;
  }
}
