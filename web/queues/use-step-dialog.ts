import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Schemas } from '../api/client.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { readAgain } from '../shell/read-again.ts';
import { MINE, QUEUES } from './queues-query.ts';

export interface StepDialogProps {
  readonly item: Pick<Schemas['Item'], 'id' | 'queue'>;
  readonly onClose: () => void;
}

/** The request of a dialog that changes one item: shows the changed item, says what was done, and closes. */
export function useStepDialog<Values>(
  { item, onClose }: StepDialogProps,
  done: string,
  request: (values: Values) => Promise<Schemas['ItemWithMessage']>,
) {
  const queryClient = useQueryClient();
  const announce = useAnnounce();
  return useMutation({
    mutationFn: request,
    onSuccess: (changed) => {
      queryClient.setQueryData(['item', item.id], changed);
      for (const queryKey of [QUEUES, MINE, ['notes', item.id]]) void queryClient.invalidateQueries({ queryKey });
      announce(done);
      onClose();
    },
    onError: (error) => readAgain(queryClient, error, ['item', item.id], ['conversation', item.id]),
  });
}
