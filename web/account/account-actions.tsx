import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { api, type Schemas, take } from '../api/client.ts';
import { needsSignIn } from '../email/account-status.tsx';
import { ACCOUNTS } from '../email/accounts-query.ts';
import { applicationAccessQuery } from '../email/application-access-query.ts';
import { RemoveAccountsDialog, ResumeDialog, SignInDialog } from '../email/dialogs.tsx';
import { asksWhatCame, type useToggle } from '../email/use-toggle.ts';
import { useWayBack } from '../parts/back-link.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';

interface AccountActionsProps {
  readonly account: Schemas['Account'];
  readonly toggle: ReturnType<typeof useToggle>;
}

/** The actions for an account as a whole. */
export function AccountActions({ account, toggle }: AccountActionsProps) {
  const { accounts: words, common } = useWords();
  const navigate = useNavigate();
  const wayBack = useWayBack('/config/email/accounts');
  const [opened, setOpened] = useState<'sign-in' | 'resume' | 'remove'>();
  const [isRemoved, setRemoved] = useState(false);
  const { applicationAccess } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const access = useQuery({ ...applicationAccessQuery, enabled: useMay('settings.read') });
  const use = useMutation({
    mutationFn: () => {
      const params = { path: { id: account.id } };
      return take(api.PUT('/api/v1/email/accounts/{id}/access', { params, body: { access: 'application' } }));
    },
    onSuccess: () => announce(applicationAccess.changed),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ACCOUNTS }),
  });
  const { enabled, removing } = account;
  const close = () => {
    setOpened(undefined);
    if (isRemoved) void navigate(wayBack);
  };
  return (
    <>
      {needsSignIn(account) ? (
        <Button onClick={() => setOpened('sign-in')}>{words.signIn}</Button>
      ) : (
        <Button variant="default" onClick={() => setOpened('sign-in')} disabled={removing}>
          {account.access === 'application' ? applicationAccess.backToSignIn : words.changeSignIn}
        </Button>
      )}
      {account.access === 'delegated' && access.data?.isUsed && (
        <Button
          variant="default"
          onClick={() => use.mutate()}
          loading={use.isPending}
          disabled={removing}
          title={applicationAccess.useWhat}
        >
          {applicationAccess.use}
        </Button>
      )}
      {enabled ? (
        <Button variant="default" onClick={() => toggle.mutate(account)} loading={toggle.isPending} disabled={removing}>
          {words.disable}
        </Button>
      ) : (
        <Button
          variant="default"
          onClick={() => (asksWhatCame(account) ? setOpened('resume') : toggle.mutate(account))}
          loading={toggle.isPending}
          disabled={removing}
        >
          {words.enable}
        </Button>
      )}
      <Button variant="default" onClick={() => setOpened('remove')} disabled={removing}>
        {common.remove}
      </Button>
      <RequestNotice request={use} />
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
