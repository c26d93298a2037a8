import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { api, type Schemas, take } from '../api/client.ts';
import { needsSignIn } from '../email/account-status.tsx';
import { ACCOUNTS, accountQuery } from '../email/accounts-query.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useWords } from '../shell/languages.tsx';

const RemoveAccountsDialog = lazy(async () => ({
  default: (await import('../email/remove-accounts-dialog.tsx')).RemoveAccountsDialog,
}));
const ResumeDialog = lazy(async () => ({ default: (await import('../email/resume-dialog.tsx')).ResumeDialog }));
const SignInDialog = lazy(async () => ({ default: (await import('../email/sign-in-dialog.tsx')).SignInDialog }));

/** What can be done with an account as a whole. */
export function AccountActions({ account }: { readonly account: Schemas['Account'] }) {
  const { accounts: words, common } = useWords();
  const announce = useAnnounce();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [opened, setOpened] = useState<'sign-in' | 'resume' | 'remove'>();
  const [isRemoved, setRemoved] = useState(false);
  const { id, address, enabled, removing } = account;
  const pause = useMutation({
    mutationFn: () =>
      take(api.PATCH('/api/v1/email/accounts/{id}', { params: { path: { id } }, body: { enabled: false } })),
    onSuccess: (paused) => {
      queryClient.setQueryData(accountQuery(id).queryKey, paused);
      announce(words.disabled(address));
    },
    onSettled: () =>
      Promise.all([ACCOUNTS, ['account', id]].map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
  });
  const close = () => {
    setOpened(undefined);
    if (isRemoved) void navigate('/config/email/accounts');
  };
  return (
    <>
      {pause.error && <ProblemNotice error={pause.error} onRetry={() => pause.mutate()} />}
      {needsSignIn(account) ? (
        <Button onClick={() => setOpened('sign-in')}>{words.signIn}</Button>
      ) : (
        account.signInAs !== null && (
          <Button variant="default" onClick={() => setOpened('sign-in')} disabled={removing}>
            {words.changeWho}
          </Button>
        )
      )}
      {enabled ? (
        <Button variant="default" onClick={() => pause.mutate()} loading={pause.isPending} disabled={removing}>
          {words.disable}
        </Button>
      ) : (
        <Button variant="default" onClick={() => setOpened('resume')} disabled={removing}>
          {words.enable}
        </Button>
      )}
      <Button variant="default" onClick={() => setOpened('remove')} disabled={removing}>
        {common.remove}
      </Button>
      <Suspense>
        {opened === 'sign-in' && <SignInDialog account={account} onClose={close} />}
        {opened === 'resume' && <ResumeDialog account={account} onClose={close} />}
        {opened === 'remove' && (
          <RemoveAccountsDialog accounts={[account]} onRemoved={() => setRemoved(true)} onClose={close} />
        )}
      </Suspense>
    </>
  );
}
