import { Anchor, Button, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { api, type Schemas, take } from '../api/client.ts';
import { isKind } from '../api/problem-error.ts';
import { BackLink, useWayBack } from '../parts/back-link.tsx';
import { MissingPage } from '../parts/missing-page.tsx';
import { formatMoment } from '../parts/moment.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { Guarded } from '../shell/guarded.tsx';
import { useWords } from '../shell/languages.tsx';
import { askAgainEvery } from '../shell/live-changes.ts';
import { useMay, useMe } from '../shell/session.ts';
import { ItemState } from './item-state.tsx';
import { MailBody } from './mail-body.tsx';
import { MessageFacts } from './message-facts.tsx';
import { QUEUES } from './queues-query.ts';

/** One item: who wrote what, why it is here, and what can be done with it. */
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
        <MailBody html={data.message.html} text={data.message.text} />
        <Stack gap="md">
          <MessageFacts item={data} />
          <WhyHere item={data} />
        </Stack>
      </div>
    </Stack>
  );
}

/** The subject, whose it is, and what can be done with it. */
function ItemHeader({ item }: { readonly item: ItemWithMessage }) {
  const { item: words, queues } = useWords();
  const announce = useAnnounce();
  const navigate = useNavigate();
  const toQueue = `/queues/${item.queue.id}`;
  const wayBack = useWayBack(toQueue);
  const queryClient = useQueryClient();
  const me = useMe().data;
  const mayWork = useMay('items.work');
  const maySupervise = useMay('items.supervise');
  const act = useMutation({
    mutationFn: (how: 'claim' | 'complete' | 'release') => {
      const params = { path: { id: item.id } };
      switch (how) {
        case 'claim':
          return take(api.POST('/api/v1/items/{id}/claim', { params, body: null }));
        case 'complete':
          return take(api.POST('/api/v1/items/{id}/complete', { params, body: {} }));
        case 'release':
          return take(api.POST('/api/v1/items/{id}/release', { params, body: {} }));
      }
    },
    onSuccess: (changed, how) => {
      queryClient.setQueryData(['item', item.id], changed);
      void queryClient.invalidateQueries({ queryKey: QUEUES });
      announce({ claim: words.claimed, complete: words.completed, release: words.released }[how]);
      if (how === 'complete') void navigate(wayBack);
    },
    onError: () => queryClient.invalidateQueries({ queryKey: ['item', item.id] }),
  });
  const isMine = item.state === 'claimed' && item.claim?.by === `user:${me?.id}`;
  const actions = (
    <>
      {isMine && (
        <Button variant="default" onClick={() => act.mutate('claim')} disabled={act.isPending}>
          {words.holdLonger}
        </Button>
      )}
      {item.state === 'claimed' && (isMine || maySupervise) && (
        <Button variant="default" onClick={() => act.mutate('release')} disabled={act.isPending}>
          {words.release}
        </Button>
      )}
      {isMine && (
        <Button onClick={() => act.mutate('complete')} loading={act.isPending}>
          {words.complete}
        </Button>
      )}
      {item.state === 'waiting' && mayWork && (
        <Button onClick={() => act.mutate('claim')} loading={act.isPending}>
          {words.claim}
        </Button>
      )}
    </>
  );
  return (
    <PageHeader
      above={<BackLink to={toQueue}>{item.queue.name}</BackLink>}
      title={item.subject || queues.noSubject}
      lead={<ItemLead item={item} />}
      actions={actions}
      problem={act.error && <ProblemNotice error={act.error} />}
    />
  );
}

function ItemLead({ item }: { readonly item: ItemWithMessage }) {
  const { item: words, locale } = useWords();
  const until = item.state === 'claimed' ? item.claim?.leaseExpiresAt : undefined;
  return (
    <>
      <ItemState item={item} />
      {until && `, ${words.until(formatMoment(until, locale))}`}
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
        {decision.by === 'rule' ? words.byRule(decision.position, decision.keyword) : words.because[decision.because]}{' '}
        <Text span c="dimmed" size="sm">
          {words.version(decision.version)}
        </Text>
      </Text>
    </section>
  );
}
