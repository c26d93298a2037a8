import { Anchor, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { api, type Schemas, take } from '../api/client.ts';
import { isKind } from '../api/problem-error.ts';
import { MailBody } from '../mail/mail-body.tsx';
import { MessageFacts } from '../mail/message-facts.tsx';
import { BackLink, useWayBack } from '../parts/back-link.tsx';
import { MissingPage } from '../parts/missing-page.tsx';
import { formatMoment, Moment } from '../parts/moment.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { Guarded } from '../shell/guarded.tsx';
import { useWords } from '../shell/languages.tsx';
import { askAgainEvery } from '../shell/live-changes.ts';
import { ItemActions, useItemAct } from './item-actions.tsx';
import { Lease, LeaseNotice, useOwnActor } from './item-lease.tsx';
import { ItemState } from './item-state.tsx';
import { noQueueWords } from './no-queue-words.ts';

/** One item: its message, why it is in this queue, and its actions. */
export function ItemPage() {
  const { id = '' } = useParams();
  return (
    <Guarded permission="items.read">
      <Item key={id} id={id} />
    </Guarded>
  );
}

type ItemWithMessage = Schemas['ItemWithMessage'];

function Item({ id }: { readonly id: string }) {
  const { queues, common } = useWords();
  const { data, error, refetch } = useQuery({
    queryKey: ['item', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/items/{id}', { signal, params: { path: { id } } })),
    refetchInterval: askAgainEvery(),
  });
  if (isKind(error, 'not-found') || isKind(error, 'malformed-request')) {
    return (
      <MissingPage
        title={common.notFound}
        action={
          <Anchor component={Link} to="/queues" size="sm">
            {queues.back}
          </Anchor>
        }
      >
        {common.notFoundWhat}
      </MissingPage>
    );
  }
  if (error && !data) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={480} radius="md" />;
  return (
    <Stack gap="md">
      <ItemHeader item={data} />
      <div className="mail-columns">
        {data.message ? (
          <MailBody key={data.message.id} message={data.message} />
        ) : (
          <ContentDeleted at={data.contentDeletedAt} />
        )}
        <Stack gap="md">
          {data.message && <MessageFacts message={data.message} account={data.account} />}
          <WhyHere item={data} />
        </Stack>
      </div>
    </Stack>
  );
}

/** Replaces a message that was deleted from Mailroom. */
function ContentDeleted({ at }: { readonly at: string | null }) {
  const { item: words, locale } = useWords();
  return (
    <section className="panel panel-body" aria-label={words.body}>
      <Text size="sm">{words.contentDeleted(at === null ? null : formatMoment(at, locale))}</Text>
    </section>
  );
}

/** The subject, the holder, and the actions. */
function ItemHeader({ item }: { readonly item: ItemWithMessage }) {
  const { queues } = useWords();
  const toQueue = item.queue ? `/queues/${item.queue.id}` : `/config/email/accounts/${item.account.id}`;
  const act = useItemAct(item, useWayBack(toQueue));
  return (
    <div>
      <PageHeader
        above={<BackLink to={toQueue}>{item.queue?.name ?? item.account.address}</BackLink>}
        title={item.message ? item.subject || queues.noSubject : queues.contentDeleted}
        lead={<ItemLead item={item} />}
        actions={<ItemActions item={item} act={act} />}
        problem={<RequestNotice request={act} />}
      />
      <LeaseNotice item={item} />
    </div>
  );
}

function ItemLead({ item }: { readonly item: ItemWithMessage }) {
  const { item: words, queues, locale } = useWords();
  const own = useOwnActor();
  const isNarrow = useIsNarrow();
  const { state, claim, completedAt, from, receivedAt } = item;
  const who = claim?.by === own ? queues.you : (claim?.name ?? queues.somebody);
  return (
    <>
      <ItemState item={item} />
      <Lease item={item} />
      {state === 'completed' &&
        completedAt !== null &&
        `, ${words.completedBy(who, formatMoment(completedAt, locale))}`}
      {isNarrow && (
        <Text size="sm" component="div">
          <bdi>{from?.name ?? from?.address ?? queues.noSender}</bdi>, <Moment time={receivedAt} />
        </Text>
      )}
    </>
  );
}

function WhyHere({ item: { decision } }: { readonly item: ItemWithMessage }) {
  const { item: words } = useWords();
  return (
    <section className="panel panel-body" aria-labelledby="why">
      <Title order={2} id="why" mb={4}>
        {words.why}
      </Title>
      <Text size="sm">
        {noQueueWords(decision, words)}
        {decision.by === 'rule' && words.byRule(decision.position, decision.keyword)}
        {decision.by === 'default' && words.because[decision.because]}
        {decision.by !== 'other' && (
          <Text span c="dimmed" size="sm">
            {' '}
            {words.version(decision.version)}
          </Text>
        )}
      </Text>
    </section>
  );
}
