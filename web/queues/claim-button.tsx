import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { api, type Schemas, take } from '../api/client.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useWords } from '../shell/languages.tsx';
import { QUEUES } from './queues-query.ts';

interface ClaimButtonProps {
  readonly queueId: string;
  readonly children: string;
}

/** Takes the oldest waiting item of a queue and opens it. */
export function ClaimButton({ queueId: id, children }: ClaimButtonProps) {
  const { queues: words } = useWords();
  const announce = useAnnounce();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const claim = useMutation({
    // 204 without a body: nothing waits.
    mutationFn: async () =>
      (await take(api.POST('/api/v1/queues/{id}/claim', { params: { path: { id } }, body: {} }))) as
        | Schemas['ItemWithMessage']
        | undefined,
    onSuccess: (item) => {
      void queryClient.invalidateQueries({ queryKey: QUEUES });
      if (!item) return announce(words.nothingWaits);
      queryClient.setQueryData(['item', item.id], item);
      void navigate(`/items/${item.id}`);
    },
  });
  return (
    <>
      {claim.error && <ProblemNotice error={claim.error} />}
      <Button onClick={() => claim.mutate()} loading={claim.isPending}>
        {children}
      </Button>
    </>
  );
}
