import { Button } from '@mantine/core';
import { Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Schemas } from '../api/client.ts';
import { needsSignIn } from '../email/account-status.tsx';
import { RemoveAccountsDialog, ResumeDialog, SignInDialog } from '../email/dialogs.tsx';
import { asksWhatCame, type useToggle } from '../email/use-toggle.ts';
import { useWayBack } from '../parts/back-link.tsx';
import { useWords } from '../shell/languages.tsx';

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
          {words.changeSignIn}
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
