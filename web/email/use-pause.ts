import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useWords } from '../shell/languages.tsx';
import { ACCOUNTS, accountQuery } from './accounts-query.ts';

/** Disables an account: its mail is not routed until somebody enables it again. */
export function usePause() {
  const { accounts: words } = useWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: Pick<Schemas['Account'], 'id'>) =>
      take(api.PATCH('/api/v1/email/accounts/{id}', { params: { path: { id } }, body: { enabled: false } })),
    onSuccess: (paused) => {
      queryClient.setQueryData(accountQuery(paused.id).queryKey, paused);
      announce(words.disabled(paused.address));
    },
    onSettled: (_paused, _error, { id }) =>
      Promise.all([ACCOUNTS, ['account', id]].map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
  });
}
