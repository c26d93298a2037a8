import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { Schemas } from '../api/client.ts';
import { ActionBar } from '../parts/action-bar.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { findEveryAccount } from './find-accounts.ts';

type Account = Schemas['Account'];

/** What can be done with several accounts at once. */
export type BulkAct = 'enable' | 'disable' | 'queue' | 'remove';

interface SelectedAccountsBarProps {
  readonly selected: ReadonlyMap<string, Account>;
  /** What the list shows: every account that this finds can be selected. */
  readonly search: string;
  /** Accounts that the search finds; undefined: not known yet. */
  readonly total: number | undefined;
  readonly onSelect: (selected: ReadonlyMap<string, Account>) => void;
  readonly onAct: (act: BulkAct) => void;
}

/** The actions for the accounts that are ticked. */
export function SelectedAccountsBar({ selected, search, total, onSelect, onAct }: SelectedAccountsBarProps) {
  const { accounts: words, common } = useWords();
  const { bulk } = useDeskWords();
  const mayRoute = useMay('routing.change');
  const selectEvery = useMutation({
    mutationFn: () => findEveryAccount(search),
    onSuccess: (found) => onSelect(new Map(found.map((account) => [account.id, account]))),
  });
  return (
    <ActionBar label={bulk.selected(selected.size)} above={<RequestNotice request={selectEvery} />}>
      <Button variant="default" onClick={() => onAct('disable')}>
        {words.disable}
      </Button>
      <Button variant="default" onClick={() => onAct('enable')}>
        {words.enable}
      </Button>
      {mayRoute && (
        <Button variant="default" onClick={() => onAct('queue')}>
          {bulk.changeQueue}
        </Button>
      )}
      <Button variant="default" onClick={() => onAct('remove')}>
        {common.remove}
      </Button>
      {total !== undefined && selected.size < total && (
        <Button variant="default" onClick={() => selectEvery.mutate()} loading={selectEvery.isPending}>
          {bulk.selectEvery(total)}
        </Button>
      )}
      <Button variant="default" onClick={() => onSelect(new Map())}>
        {bulk.clear}
      </Button>
      <Text size="sm" role="status">
        {bulk.selected(selected.size)}
      </Text>
    </ActionBar>
  );
}
