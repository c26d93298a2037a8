import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { untilAnswered } from '../api/until-answered.ts';
import { ProblemWords } from '../parts/problem-words.tsx';
import { useReleaseAfter } from '../queues/claimed-after.ts';
import { itemQuery } from '../queues/item-query.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { readAgain } from '../shell/read-again.ts';
import { ANSWERS, type Answer } from './answers-query.ts';

type Act = 'undo' | 'retry' | 'mark-sent' | 'discard';

/** What a person decides about an answer that is on its way, failed or not known. */
export function useAnswerAct({ id }: Pick<Answer, 'id'>, onUndone: (id: string) => void) {
  const { answers: words } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const releaseAfter = useReleaseAfter();
  return useMutation({
    mutationFn: (act: Act) => {
      const params = { path: { id } };
      switch (act) {
        case 'undo':
          return untilAnswered(() => take(api.POST('/api/v1/answers/{id}/undo', { params })));
        case 'retry':
          return take(api.POST('/api/v1/answers/{id}/retry', { params }));
        case 'mark-sent':
          return take(api.POST('/api/v1/answers/{id}/mark-sent', { params }));
        case 'discard':
          return take(api.POST('/api/v1/answers/{id}/discard', { params }));
      }
    },
    onSuccess: async ({ itemId }, act) => {
      void queryClient.invalidateQueries({ queryKey: ANSWERS });
      void queryClient.invalidateQueries({ queryKey: ['item', itemId] });
      if (act !== 'undo') return;
      await releaseAfter(itemId);
      // The item is open again: a page that still shows it as completed would send without completing.
      await queryClient.fetchQuery({ ...itemQuery(itemId), staleTime: 0 }).catch(() => undefined);
      announce(words.undone);
      onUndone(id);
    },
    onError: (error, act) => {
      // By now, the bar with the button may be gone.
      if (act === 'undo') announce(<ProblemWords error={error} />);
      return readAgain(queryClient, error, ANSWERS);
    },
  });
}
