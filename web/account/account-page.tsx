import './account.css';
import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { SendingPanel } from '../answers/sending-panel.tsx';
import { isKind } from '../api/problem-error.ts';
import { AccountStatus } from '../email/account-status.tsx';
import { accountQuery } from '../email/accounts-query.ts';
import { useToggle } from '../email/use-toggle.ts';
import { ActionBarRoom } from '../parts/action-bar.tsx';
import { BackLink } from '../parts/back-link.tsx';
import { MissingPage } from '../parts/missing-page.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { PageSkeleton } from '../parts/page-skeleton.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { UnloadedPage } from '../parts/unloaded-page.tsx';
import { Guarded } from '../shell/guarded.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { AccountActions } from './account-actions.tsx';
import { AccountFacts } from './account-facts.tsx';
import { AccountFigures } from './account-figures.tsx';
import { AccountHistory } from './account-history.tsx';
import { AccountNotice } from './account-notice.tsx';
import { Completeness } from './completeness.tsx';
import { DrainsTable } from './drains-table.tsx';
import { Quarantine } from './quarantine.tsx';
import { RoutingPanel } from './routing-panel.tsx';
import { Unqueued } from './unqueued.tsx';

/** One account: its state, its routing, and its history. */
export function AccountPage() {
  const { id = '' } = useParams();
  return (
    <Guarded permission="accounts.read">
      <Account key={id} id={id} />
    </Guarded>
  );
}

function Account({ id }: { readonly id: string }) {
  const { account: words } = useDeskWords();
  const mayChange = useMay('accounts.change');
  const mayRoute = useMay('routing.read');
  const { data, error, refetch } = useQuery(accountQuery(id));
  const toggle = useToggle();
  const above = <BackLink to="/config/email/accounts">{words.back}</BackLink>;
  if (isKind(error, 'not-found') || isKind(error, 'malformed-request')) {
    return (
      <MissingPage title={words.gone} action={above}>
        {words.goneWhat}
      </MissingPage>
    );
  }
  if (error && !data) return <UnloadedPage above={above} error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return (
    <Stack gap="md">
      <PageHeader
        above={above}
        title={data.address}
        lead={<AccountStatus account={data} />}
        actions={mayChange && <AccountActions account={data} toggle={toggle} />}
        problem={<RequestNotice request={toggle} onRetry={() => toggle.mutate(data)} />}
      />
      <AccountNotice account={data} />
      <AccountFigures account={data} />
      {mayRoute && <RoutingPanel accountId={id} />}
      <div className="two-columns">
        <Stack gap="md">
          <AccountFacts account={data} />
          <SendingPanel account={data} />
          <Completeness account={data} />
          <DrainsTable account={data} />
        </Stack>
        <Stack gap="md">
          <Unqueued account={data} />
          <Quarantine account={data} />
          <AccountHistory accountId={id} />
        </Stack>
      </div>
      <ActionBarRoom />
    </Stack>
  );
}
