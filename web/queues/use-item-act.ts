import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { api, type Schemas, take } from '../api/client.ts';
import { formatTime } from '../parts/moment.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { readAgain } from '../shell/read-again.ts';
import { useOwnActor } from './item-lease.tsx';
import { MINE, QUEUES } from './queues-query.ts';

type ItemWithMessage = Schemas['ItemWithMessage'];

export type ItemStep =
  | { readonly kind: 'claim' | 'release' | 'unpark' | 'separate' }
  | {
      readonly kind: 'complete';
      readonly outcome?: string;
      /** Opens the next item; undefined: there is none. */
      readonly follow?: () => Promise<unknown>;
    };

/** Claims, extends, releases or completes an item; after completing it, navigates to `list` and offers to undo it. */
export function useItemAct(item: ItemWithMessage, list: string) {
  const { item: words, work } = useDeskWords();
  const { locale } = useWords();
  const announce = useAnnounce();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const own = useOwnActor();
  const isMine = item.state === 'claimed' && item.claim?.by === own;
  const params = { path: { id: item.id } };

  const show = (changed: ItemWithMessage) => {
    queryClient.setQueryData(['item', item.id], changed);
    void queryClient.invalidateQueries({ queryKey: QUEUES });
    void queryClient.invalidateQueries({ queryKey: MINE });
  };
  const undo = useMutation({
    mutationFn: () => take(api.POST('/api/v1/items/{id}/undo', { params, body: {} })),
    onSuccess: (changed) => {
      show(changed);
      announce(work.undone);
      void navigate(`/items/${item.id}`);
    },
    onError: (error) => {
      announce(error.message);
      void navigate(`/items/${item.id}`);
    },
  });
  return useMutation({
    mutationFn: (step: ItemStep) => {
      switch (step.kind) {
        case 'claim':
          return take(api.POST('/api/v1/items/{id}/claim', { params, body: null }));
        case 'complete': {
          const seenThrough = item.newestMail;
          const body = { seenThrough, ...(step.outcome !== undefined && { outcome: step.outcome }) };
          return take(api.POST('/api/v1/items/{id}/complete', { params, body }));
        }
        case 'release':
          return take(api.POST('/api/v1/items/{id}/release', { params, body: {} }));
        case 'unpark':
          return take(api.POST('/api/v1/items/{id}/unpark', { params, body: {} }));
        case 'separate':
          return take(api.POST('/api/v1/items/{id}/separate', { params, body: {} }));
      }
    },
    onSuccess: async (changed, step) => {
      show(changed);
      const until = changed.claim?.leaseExpiresAt;
      switch (step.kind) {
        case 'claim':
          announce(isMine && until ? words.heldUntil(formatTime(until, locale)) : words.claimed);
          break;
        case 'release':
          announce(words.released);
          break;
        case 'unpark':
          announce(work.unparked);
          break;
        case 'separate':
          announce(work.separated);
          break;
        case 'complete':
          // After the next item has come, whose absence is announced, too.
          if ((await step.follow?.().catch(() => undefined)) === undefined) void navigate(list);
          announce(words.completed, { label: work.undo, key: 'z', keyLabel: work.keys.undo, run: () => undo.mutate() });
      }
    },
    onError: (error) => readAgain(queryClient, error, ['item', item.id], ['conversation', item.id]),
  });
}
