import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { flushOpenDrafts } from '../answers/open-drafts.ts';
import { api, type Schemas, take } from '../api/client.ts';
import { ProblemError } from '../api/problem-error.ts';
import { formatTime } from '../parts/moment.tsx';
import { ProblemWords } from '../parts/problem-words.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { readAgain } from '../shell/read-again.ts';
import { noteClaimedAfter, useReleaseAfter } from './claimed-after.ts';
import { useOwnActor } from './item-lease.tsx';
import { MINE, QUEUES } from './queues-query.ts';

type ItemWithMessage = Schemas['ItemWithMessage'];

export type ItemStep =
  | { readonly kind: 'claim' | 'release' | 'unpark' | 'separate' }
  | {
      readonly kind: 'complete';
      readonly outcome?: string;
      /** True: the person knows that an answer with text was not sent. */
      readonly leavesDrafts?: boolean;
      /** Drafts to discard before. */
      readonly discards?: readonly string[];
      /** Opens the next item; undefined: there is none. */
      readonly follow?: () => Promise<{ readonly id: string } | undefined>;
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
  const releaseAfter = useReleaseAfter();

  const show = (changed: ItemWithMessage) => {
    queryClient.setQueryData(['item', item.id], changed);
    void queryClient.invalidateQueries({ queryKey: QUEUES });
    void queryClient.invalidateQueries({ queryKey: MINE });
  };
  const undo = useMutation({
    mutationFn: () => take(api.POST('/api/v1/items/{id}/undo', { params, body: {} })),
    onSuccess: async (changed) => {
      show(changed);
      await releaseAfter(item.id);
      announce(work.undone);
      void navigate(`/items/${item.id}`);
    },
    onError: (error) => {
      announce(<ProblemWords error={error} />);
      void navigate(`/items/${item.id}`);
    },
  });
  const request = useMutation({
    mutationFn: async (step: ItemStep) => {
      switch (step.kind) {
        case 'claim':
          return take(api.POST('/api/v1/items/{id}/claim', { params }));
        case 'complete': {
          const seenThrough = item.newestMail;
          for (const id of step.discards ?? [])
            await take(api.DELETE('/api/v1/drafts/{id}', { params: { path: { id } } }));
          // What was written in the last second.
          await flushOpenDrafts();
          const outcome = step.outcome !== undefined && { outcome: step.outcome };
          const body = { seenThrough, unlessDraft: step.leavesDrafts !== true, ...outcome };
          return await take(api.POST('/api/v1/items/{id}/complete', { params, body }));
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
        case 'complete': {
          // After the next item has come, whose absence is announced, too.
          const followed = await step.follow?.().catch(() => undefined);
          if (followed === undefined) void navigate(list);
          else noteClaimedAfter(item.id, followed.id);
          announce(words.completed, { label: work.undo, key: 'z', keyLabel: work.keys.undo, run: () => undo.mutate() });
        }
      }
    },
    onError: (error) => readAgain(queryClient, error, ['item', item.id], ['conversation', item.id]),
  });
  const { error, variables } = request;
  const unsent = variables?.kind === 'complete' ? unsentDraftsOf(error) : undefined;
  return {
    ...request,
    error: unsent ? null : error,
    /** Answers that were not sent, for which the completion waits. */
    unsent: unsent && variables?.kind === 'complete' ? { ...unsent, step: variables } : undefined,
  };
}

function unsentDraftsOf(error: unknown): { readonly own: readonly string[]; readonly isAllOwn: boolean } | undefined {
  if (!(error instanceof ProblemError) || error.details.reason !== 'item-has-draft') return undefined;
  const { drafts = [], own = [] } = error.details.facts ?? {};
  const [all, mine] = [drafts, own].map((ids) => (Array.isArray(ids) ? ids.map(String) : []));
  return { own: mine ?? [], isAllOwn: mine?.length === all?.length };
}
