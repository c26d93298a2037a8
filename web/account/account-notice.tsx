import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import type { Schemas } from '../api/client.ts';
import { lateFor, standingOf } from '../email/account-standing.ts';
import { ConditionWords } from '../email/account-status.tsx';
import { Notice } from '../parts/notice.tsx';
import { ServerWords } from '../parts/server-words.tsx';
import { TraceLine } from '../parts/trace-line.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';

/** Explains the account's status and offers the next step; empty while all is well. */
export function AccountNotice({ account }: { readonly account: Schemas['Account'] }) {
  return (
    <>
      <StandingNotice account={account} />
      <SameMailboxNotice account={account} />
    </>
  );
}

/** Two accounts for one mailbox are refused now; an earlier release allowed them. */
function SameMailboxNotice({ account: { sameMailbox } }: { readonly account: Schemas['Account'] }) {
  const { account: words } = useDeskWords();
  if (sameMailbox === null) return null;
  return (
    <Notice
      tone="warn"
      actions={
        <Anchor component={Link} to={`/config/email/accounts/${sameMailbox.id}`} size="sm">
          {words.showOther}
        </Anchor>
      }
    >
      {words.sameMailbox(sameMailbox.address)}
    </Notice>
  );
}

function StandingNotice({ account }: { readonly account: Schemas['Account'] }) {
  const words = useWords();
  const { account: ofAccount } = useDeskWords();
  const mayChange = useMay('accounts.change');
  const { tone, about } = standingOf(account, words);
  switch (about) {
    case undefined:
      return null;
    case 'condition':
      return (
        <Notice tone={tone}>
          <ConditionWords account={account} />
        </Notice>
      );
    case 'sign-in':
      return (
        <Notice tone={tone}>
          <ServerWords reason={account.signIn.reason}>{account.stateWords}</ServerWords> {words.accounts.probed}
          <TraceLine trace={account.signIn} />
        </Notice>
      );
    case 'late':
      return <Notice tone={tone}>{ofAccount.lateWhat(lateFor(account.lateForSeconds, words.locale))}</Notice>;
    case 'catching-up':
      return <Notice tone={tone}>{ofAccount.catchingUpWhat(account.capturedToday)}</Notice>;
    case 'paused':
      return (
        <Notice tone={tone}>
          {ofAccount.pausedWhat} {mayChange && ofAccount.pausedNext}
        </Notice>
      );
  }
}
