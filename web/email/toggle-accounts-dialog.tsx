import { Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { nameRequest } from '../api/request-name.ts';
import { StatusLabel } from '../parts/status-label.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { EachAccountDialog } from './each-account-dialog.tsx';
import { type Resume, ResumeChoice } from './resume-choice.tsx';

type Account = Schemas['Account'];

interface ToggleAccountsDialogProps {
  readonly accounts: readonly Account[];
  /** True: enables them; false: disables them. */
  readonly enables: boolean;
  readonly onClose: () => void;
}

/** Enables or disables accounts, each for itself. */
export function ToggleAccountsDialog({ accounts, enables, onClose }: ToggleAccountsDialogProps) {
  const { bulk } = useDeskWords();
  const words = enables ? bulk.enabling : bulk.disabling;
  const [resume, setResume] = useState<Resume>('catch-up');
  // Kept for a retry, so that it is the same command.
  const name = useRef(nameRequest());
  const count = useRef(accounts.length).current;

  async function toggle({ id }: Account): Promise<void> {
    const body = { enabled: enables, ...(enables && { resume }), ...name.current };
    await take(api.PATCH('/api/v1/email/accounts/{id}', { params: { path: { id } }, body }));
  }

  return (
    <EachAccountDialog
      accounts={accounts}
      act={toggle}
      titles={{
        asks: words.title(count),
        underWay: words.underWay(count),
        done: words.changed(count),
        notAll: bulk.notAll,
      }}
      confirm={words.confirm(count)}
      outcome={() => <StatusLabel tone="good">{words.done}</StatusLabel>}
      working={words.working}
      failed={bulk.failed}
      onClose={onClose}
    >
      {enables ? <ResumeChoice value={resume} onChange={setResume} /> : <Text size="sm">{bulk.disablingWhat}</Text>}
    </EachAccountDialog>
  );
}
