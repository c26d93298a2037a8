import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { api, type Schemas, take } from '../api/client.ts';
import { formatTime } from '../parts/moment.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useWords } from '../shell/languages.tsx';
import { readAgain } from '../shell/read-again.ts';
import { useMay } from '../shell/session.ts';
import { useOwnActor } from './item-lease.tsx';
import { QUEUES } from './queues-query.ts';

type ItemWithMessage = Schemas['ItemWithMessage'];

/** Claims, extends, releases or completes an item; after completing it, navigates to `next`. */
export function useItemAct(item: ItemWithMessage, next: string) {
  const { item: words, locale } = useWords();
  const announce = useAnnounce();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const own = useOwnActor();
  const isMine = item.state === 'claimed' && item.claim?.by === own;
  return useMutation({
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
      const until = changed.claim?.leaseExpiresAt;
      const claimed = isMine && until ? words.heldUntil(formatTime(until, locale)) : words.claimed;
      announce({ claim: claimed, complete: words.completed, release: words.released }[how]);
      if (how === 'complete') void navigate(next);
    },
    onError: (error) => readAgain(queryClient, error, ['item', item.id]),
  });
}

interface ItemActionsProps {
  readonly item: ItemWithMessage;
  readonly act: ReturnType<typeof useItemAct>;
}

/** The user's actions for an item. */
export function ItemActions({ item, act }: ItemActionsProps) {
  const { item: words } = useWords();
  const own = useOwnActor();
  const mayWork = useMay('items.work');
  const maySupervise = useMay('items.supervise');
  const isMine = item.state === 'claimed' && item.claim?.by === own;
  /** The holder of an expired reservation may still complete the item unless another has claimed it since. */
  const mayFinish = isMine || (item.lostClaim?.how === 'expired' && item.lostClaim.claimedBy === own);
  return (
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
      {item.state === 'waiting' && mayWork && (
        <Button
          variant={mayFinish ? 'default' : 'filled'}
          onClick={() => act.mutate('claim')}
          loading={act.isPending && !mayFinish}
          disabled={act.isPending}
        >
          {words.claim}
        </Button>
      )}
      {mayFinish && (
        <Button onClick={() => act.mutate('complete')} loading={act.isPending}>
          {words.complete}
        </Button>
      )}
    </>
  );
}
