import { Button, ScrollArea, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import type { Schemas } from '../api/client.ts';
import { ProblemError } from '../api/problem-error.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { FormActions } from '../parts/form-actions.tsx';
import { ProblemWords } from '../parts/problem-words.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { ACCOUNTS } from './accounts-query.ts';

type Account = Schemas['Account'];

type Step<Done> =
  | { readonly step: 'waiting' | 'working' }
  | { readonly step: 'done'; readonly result: Done }
  | { readonly step: 'failed'; readonly error: unknown };

interface EachAccountDialogProps<Done> {
  readonly accounts: readonly Account[];
  /** Carries it out for one account. */
  readonly act: (account: Account) => Promise<Done>;
  /** Before, during and after it; and where some accounts failed. */
  readonly titles: Readonly<Record<'asks' | 'underWay' | 'done' | 'notAll', string>>;
  /** What it does, and choices. */
  readonly children: ReactNode;
  readonly confirm: string;
  /** True: cannot be undone. */
  readonly isFinal?: boolean;
  /** False: a choice is missing. */
  readonly isReady?: boolean;
  /** What became of one account, in words. */
  readonly outcome: (result: Done) => ReactNode;
  /** The words before the reason of a failure, and those while it is tried. */
  readonly failed: string;
  readonly working: string;
  readonly onClose: () => void;
}

/** Each account waits for its workflow; a few at once keep it short without crowding out other requests. */
const AT_ONCE = 4;

/** Names accounts and asks; after the confirmation carries it out for each, and shows what became of it. */
export function EachAccountDialog<Done>({
  accounts,
  act,
  titles,
  children,
  confirm,
  isFinal = false,
  isReady = true,
  outcome,
  failed,
  working,
  onClose,
}: EachAccountDialogProps<Done>) {
  const { common } = useWords();
  const { bulk: words } = useDeskWords();
  const queryClient = useQueryClient();
  const named = useRef(accounts).current;
  const [steps, setSteps] = useState<ReadonlyMap<string, Step<Done>>>();

  async function run(these: readonly Account[]): Promise<void> {
    const show = (id: string, step: Step<Done>) => setSteps((now) => new Map(now).set(id, step));
    for (const { id } of these) show(id, { step: 'waiting' });
    const waiting = [...these];
    const work = async () => {
      for (let account = waiting.shift(); account; account = waiting.shift()) {
        const { id } = account;
        show(id, { step: 'working' });
        try {
          show(id, { step: 'done', result: await act(account) });
        } catch (error) {
          show(id, { step: 'failed', error });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await queryClient.invalidateQueries({ queryKey: ACCOUNTS });
  }

  const all = [...(steps?.values() ?? [])];
  const done = all.filter(({ step }) => step === 'done').length;
  const isWorking = all.some(({ step }) => step === 'waiting' || step === 'working');
  const notDone = named.filter(({ id }) => steps?.get(id)?.step === 'failed');
  const title =
    steps === undefined
      ? titles.asks
      : isWorking
        ? titles.underWay
        : notDone.length === 0
          ? titles.done
          : titles.notAll;
  const stepOf = (id: string) => {
    const step = steps?.get(id);
    switch (step?.step) {
      case undefined:
        return null;
      case 'done':
        return outcome(step.result);
      case 'failed': {
        const isUnknown = step.error instanceof ProblemError && step.error.details.isOutcomeUnknown === true;
        return (
          <StatusLabel tone={isUnknown ? 'warn' : 'bad'}>
            {!isUnknown && `${failed}: `}
            <ProblemWords error={step.error} />
          </StatusLabel>
        );
      }
      default:
        return <StatusLabel tone="idle">{step?.step === 'working' ? working : words.waiting}</StatusLabel>;
    }
  };
  return (
    <Dialog onClose={onClose} title={title} isBusy={isWorking}>
      <Stack>
        <ScrollArea.Autosize mah={260} className="panel" type="auto" viewportProps={{ tabIndex: 0 }}>
          <ul className="removal-list">
            {named.map(({ id, address }) => (
              <li key={id}>
                <span>{address}</span>
                {stepOf(id)}
              </li>
            ))}
          </ul>
        </ScrollArea.Autosize>
        {steps === undefined ? (
          <>
            {children}
            <DialogActions
              action={confirm}
              onAct={() => void run(named)}
              onCancel={onClose}
              isDangerous={isFinal}
              isDisabled={!isReady}
              hasFocus={!isFinal}
            />
          </>
        ) : (
          <>
            <Text size="sm" role="status">
              {isWorking
                ? words.progress(done, named.length)
                : `${words.finished}: ${words.progress(done, named.length)}`}
            </Text>
            <FormActions>
              {notDone.length > 0 && !isWorking && (
                <Button variant="default" onClick={() => void run(notDone)}>
                  {words.retry}
                </Button>
              )}
              <Button onClick={onClose} disabled={isWorking}>
                {common.close}
              </Button>
            </FormActions>
          </>
        )}
      </Stack>
    </Dialog>
  );
}
