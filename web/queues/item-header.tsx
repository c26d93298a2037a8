import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Schemas } from '../api/client.ts';
import { ActionBar } from '../parts/action-bar.tsx';
import { Age } from '../parts/age.tsx';
import { BackLink, useWayBack } from '../parts/back-link.tsx';
import { formatMoment } from '../parts/moment.tsx';
import { Notice } from '../parts/notice.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { shownSubject } from '../parts/shown-subject.ts';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { DueMark } from './due-mark.tsx';
import { ItemActions } from './item-actions.tsx';
import { Lease, LeaseNotice, useOwnActor } from './item-lease.tsx';
import { ItemState } from './item-state.tsx';
import { Presence } from './presence.tsx';
import { useDesk } from './use-desk.ts';
import { useItemAct } from './use-item-act.tsx';
import { useKeepClaim } from './use-keep-claim.ts';

type ItemWithMessage = Schemas['ItemWithMessage'];

/** The subject, the holder, and the actions: beside the subject, or in a bar at the bottom of a narrow window. */
export function ItemHeader({ item }: { readonly item: ItemWithMessage }) {
  const { queues } = useWords();
  const { work } = useDeskWords();
  const isNarrow = useIsNarrow();
  const toQueue = item.queue ? `/queues/${item.queue.id}` : `/config/email/accounts/${item.account.id}`;
  const desk = useDesk(item);
  const list = useWayBack(desk ? `/queues/${desk.id}` : toQueue);
  const act = useItemAct(item, list);
  useKeepClaim(item);
  const problem = <RequestNotice request={act} />;
  return (
    <ItemActions item={item} act={act} list={list}>
      {(actions) => (
        <div>
          <PageHeader
            above={<BackLink to={toQueue}>{item.queue?.name ?? item.account.address}</BackLink>}
            title={item.message ? shownSubject(item.subject, queues.noSubject) : queues.contentDeleted}
            lead={<ItemLead item={item} />}
            {...(!isNarrow && { actions, problem })}
          />
          <LeaseNotice item={item} />
          <Presence itemId={item.id} />
          {item.joinedTo !== null && item.state === 'joined' && (
            <Notice
              tone="idle"
              actions={
                <Anchor component={Link} to={`/items/${item.joinedTo}`} size="sm">
                  {work.toLeader}
                </Anchor>
              }
            >
              {work.joined}
            </Notice>
          )}
          {isNarrow && (
            <ActionBar label={work.actions} above={problem}>
              {actions}
            </ActionBar>
          )}
        </div>
      )}
    </ItemActions>
  );
}

function ItemLead({ item }: { readonly item: ItemWithMessage }) {
  const { item: words, work } = useDeskWords();
  const { queues, locale } = useWords();
  const own = useOwnActor();
  const isNarrow = useIsNarrow();
  const { state, claim, completedAt, from, receivedAt, outcome, tags } = item;
  const who = claim?.by === own ? queues.you : (claim?.name ?? queues.somebody);
  return (
    <>
      <ItemState item={item} />
      <Lease item={item} />
      {state === 'claimed' && claim?.by === own && `. ${work.keepsClaim}`}
      {state === 'completed' && outcome !== null && `, ${outcome}`}
      {tags.map((tag) => (
        <span key={tag} className="tag">
          <bdi>{tag}</bdi>
        </span>
      ))}
      {state === 'completed' &&
        completedAt !== null &&
        `, ${words.completedBy(who, formatMoment(completedAt, locale))}`}
      {item.dueAt !== null && (
        <>
          {' '}
          <DueMark item={item} />
        </>
      )}
      {isNarrow && (
        <Text size="sm" component="div">
          <bdi>{from?.name ?? from?.address ?? queues.noSender}</bdi>, <Age time={receivedAt} />
        </Text>
      )}
    </>
  );
}
