import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useNavigate } from 'react-router';
import { api, type Schemas, take } from '../api/client.ts';
import { nameRequest } from '../api/request-name.ts';
import { useCameFrom } from '../parts/back-link.tsx';
import { ProblemWords } from '../parts/problem-words.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useWords } from '../shell/languages.tsx';
import { QUEUES } from './queues-query.ts';

/** Claims the oldest waiting item of a queue and opens it. */
export function useClaimNext(queueId: string) {
  const { queues: words } = useWords();
  const announce = useAnnounce();
  const navigate = useNavigate();
  const state = useCameFrom();
  const queryClient = useQueryClient();
  // Kept until an answer arrives: another click after a lost answer returns the same item.
  const claim = useRef(nameRequest());
  return useMutation({
    // 204 without a body: no item waits.
    mutationFn: async () =>
      (await take(
        api.POST('/api/v1/queues/{id}/claim', {
          params: { path: { id: queueId } },
          body: claim.current,
        }),
      )) as Schemas['ItemWithMessage'] | undefined,
    onError: (error) => announce(<ProblemWords error={error} />),
    onSuccess: (item) => {
      claim.current = nameRequest();
      void queryClient.invalidateQueries({ queryKey: QUEUES });
      if (!item) return announce(words.nothingWaits);
      queryClient.setQueryData(['item', item.id], item);
      void navigate(`/items/${item.id}`, { state });
    },
  });
}
