import { Text } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { ActionBar } from '../parts/action-bar.tsx';
import { Age } from '../parts/age.tsx';
import { BackLink, useWayBack } from '../parts/back-link.tsx';
import { formatMoment } from '../parts/moment.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { useWords } from '../shell/languages.tsx';
import { ItemActions, useItemAct } from './item-actions.tsx';
import { Lease, LeaseNotice, useOwnActor } from './item-lease.tsx';
import { ItemState } from './item-state.tsx';

type ItemWithMessage = Schemas['ItemWithMessage'];

/** The subject, the holder, and the actions: beside the subject, or in a bar at the bottom of a narrow window. */
export function ItemHeader({ item }: { readonly item: ItemWithMessage }) {
  const { queues, work } = useWords();
  const isNarrow = useIsNarrow();
  const toQueue = item.queue ? `/queues/${item.queue.id}` : `/config/email/accounts/${item.account.id}`;
  const act = useItemAct(item, useWayBack(toQueue));
  const actions = <ItemActions item={item} act={act} />;
  const problem = <RequestNotice request={act} />;
  return (
    <div>
      <PageHeader
        above={<BackLink to={toQueue}>{item.queue?.name ?? item.account.address}</BackLink>}
        title={item.message ? item.subject || queues.noSubject : queues.contentDeleted}
        lead={<ItemLead item={item} />}
        {...(!isNarrow && { actions, problem })}
      />
      <LeaseNotice item={item} />
      {isNarrow && (
        <ActionBar label={work.actions} above={problem}>
          {actions}
        </ActionBar>
      )}
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
          <bdi>{from?.name ?? from?.address ?? queues.noSender}</bdi>, <Age time={receivedAt} />
        </Text>
      )}
    </>
  );
}
