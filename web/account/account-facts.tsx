import { Anchor, Title } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { standingOf } from '../email/account-standing.ts';
import { Icon } from '../parts/icon.tsx';
import { formatMoment, Moment } from '../parts/moment.tsx';
import { Since } from '../parts/since.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { pageFacts } from '../shell/page-facts.ts';
import { DeliveryFacts } from './delivery-facts.tsx';

export function AccountFacts({ account }: { readonly account: Schemas['Account'] }) {
  const all = useWords();
  const { account: words, applicationAccess } = useDeskWords();
  const { settings, accounts, locale } = all;
  const { word, since } = standingOf(account, all);
  const { id, identity } = account;
  return (
    <section className="panel panel-body" aria-labelledby="overview">
      <Title order={2} id="overview" mb="sm">
        {words.overview}
      </Title>
      <dl className="facts">
        <dt>{words.state}</dt>
        <dd>
          {word}
          {since !== null && (
            <>
              , <Since time={since} />
            </>
          )}
        </dd>
        {account.signInAs !== null && (
          <>
            <dt>{words.shared}</dt>
            <dd>{accounts.signsIn(account.signInAs)}</dd>
          </>
        )}
        {account.access === 'application' && (
          <>
            <dt>{applicationAccess.access}</dt>
            <dd>{applicationAccess.byApplication}</dd>
          </>
        )}
        {identity !== null && (
          <>
            <dt>{words.signedInAs}</dt>
            <dd>{identity.username}</dd>
          </>
        )}
        <DeliveryFacts account={account} />
        {account.captureFrom !== null && (
          <>
            <dt>{words.routedFrom}</dt>
            <dd>{words.routedFromWhat(formatMoment(account.captureFrom, locale))}</dd>
          </>
        )}
        <dt>{words.added}</dt>
        <dd>
          <Moment time={account.addedAt} />
        </dd>
        <dt>{words.workflow}</dt>
        <dd>
          <Anchor size="sm" href={`${pageFacts.workflowsUrl}/mailbox-${id}`} target="_blank" rel="noopener noreferrer">
            {words.workflowLink} <Icon name="out" size={13} />
            <span className="visually-hidden"> ({settings.newTab})</span>
          </Anchor>
        </dd>
      </dl>
    </section>
  );
}
