import { Radio, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { ProblemError } from '../api/problem-error.ts';
import { nameRequest } from '../api/request-name.ts';
import { StatusLabel } from '../parts/status-label.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { EachAccountDialog } from './each-account-dialog.tsx';

type Account = Schemas['Account'];

interface RemoveAccountsDialogProps {
  readonly accounts: readonly Account[];
  readonly onRemoved: (ids: ReadonlySet<string>) => void;
  readonly onClose: () => void;
}

/** `alreadyRemoved`: by another administrator, while this dialog was open. */
type Removal =
  | { readonly outcome: 'removed'; readonly itemsKept: number; readonly erases: boolean }
  | { readonly outcome: 'alreadyRemoved'; readonly wasToErase: boolean };

/** Names the accounts, what is deleted and what is kept; after the confirmation shows each outcome. */
export function RemoveAccountsDialog({ accounts, onRemoved, onClose }: RemoveAccountsDialogProps) {
  const { removing: words } = useDeskWords();
  const named = useRef(accounts).current;
  // Kept for a retry: an account that was already removed returns its receipt.
  const name = useRef(nameRequest());
  const [mail, setMail] = useState<'keep' | 'erase'>('keep');
  const mayErase = useMay('retention.change');

  async function remove({ id }: Account): Promise<Removal> {
    try {
      const params = { path: { id }, query: { ...name.current, mail } };
      const { itemsKept, erasureId } = await take(api.DELETE('/api/v1/email/accounts/{id}', { params }));
      onRemoved(new Set([id]));
      return { outcome: 'removed', itemsKept, erases: erasureId !== null };
    } catch (error) {
      if (!(error instanceof ProblemError) || error.details.reason !== 'no-such-account') throw error;
      onRemoved(new Set([id]));
      return { outcome: 'alreadyRemoved', wasToErase: mail === 'erase' };
    }
  }

  return (
    <EachAccountDialog
      accounts={accounts}
      act={remove}
      titles={{
        asks: words.title(named.length),
        underWay: words.underWay(named.length),
        done: words.removed(named.length),
        notAll: words.notAll,
      }}
      confirm={words.confirm(named.length)}
      isFinal
      outcome={(removal) => <Outcome removal={removal} />}
      working={words.working}
      failed={words.failed}
      onClose={onClose}
    >
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
    </EachAccountDialog>
  );
}

function Outcome({ removal }: { readonly removal: Removal }) {
  const { removing: words } = useDeskWords();
  if (removal.outcome === 'removed') {
    return (
      <StatusLabel tone="good">
        {words.done}, {removal.erases ? words.erased : words.kept(removal.itemsKept)}
      </StatusLabel>
    );
  }
  return (
    <StatusLabel tone={removal.wasToErase ? 'warn' : 'good'}>
      {removal.wasToErase ? `${words.alreadyRemoved}; ${words.notErased}` : words.alreadyRemoved}
    </StatusLabel>
  );
}
