import { Switch } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { accountQuery } from '../email/accounts-query.ts';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { readAgain } from '../shell/read-again.ts';

interface RestSwitchProps {
  readonly account: Schemas['Account'];
  readonly disabled: boolean;
}

/** Lets an account be polled less often while no mail comes. */
export function RestSwitch({ account, disabled }: RestSwitchProps) {
  const { account: words } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const { id, delivery } = account;
  const change = useMutation({
    mutationFn: (restsWhenQuiet: boolean) =>
      take(api.PATCH('/api/v1/email/accounts/{id}', { params: { path: { id } }, body: { restsWhenQuiet } })),
    onSuccess: (changed) => {
      queryClient.setQueryData(accountQuery(id).queryKey, changed);
      announce(changed.delivery.restsWhenQuiet ? words.rests : words.restsNot);
    },
    onSettled: (_changed, error) => readAgain(queryClient, error, ['account', id]),
  });
  return (
    <>
      <Switch
        size="sm"
        label={words.rest}
        description={words.restWhat}
        checked={change.isPending ? change.variables : delivery.restsWhenQuiet}
        disabled={disabled || change.isPending}
        onChange={(event) => change.mutate(event.currentTarget.checked)}
      />
      <RequestNotice request={change} />
    </>
  );
}
