import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useWords } from '../shell/languages.tsx';
import { readAgain } from '../shell/read-again.ts';
import { ACCOUNTS, accountQuery } from './accounts-query.ts';

/**
 * Disables an account, so that its mail is not routed; or enables it, if no mail can have arrived in between:
 * `asksWhatCame` is false.
 */
export function useToggle() {
  const { accounts: words } = useWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, enabled }: Pick<Schemas['Account'], 'id' | 'enabled'>) =>
      take(api.PATCH('/api/v1/email/accounts/{id}', { params: { path: { id } }, body: { enabled: !enabled } })),
    onSuccess: (changed) => {
      queryClient.setQueryData(accountQuery(changed.id).queryKey, changed);
      announce(changed.enabled ? words.enabledAgain(changed.address) : words.disabled(changed.address));
    },
    onSettled: (_changed, error, { id }) => readAgain(queryClient, error, ACCOUNTS, ['account', id]),
  });
}

/** True when enabling the account has to ask what to do with mail that arrived: once a mailbox was connected. */
export function asksWhatCame({ enabled, identity }: Pick<Schemas['Account'], 'enabled' | 'identity'>): boolean {
  return !enabled && identity !== null;
}
