import { Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { nameRequest } from '../api/request-name.ts';
import { Alternatives } from '../parts/alternatives.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { Since } from '../parts/since.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useWords } from '../shell/languages.tsx';
import { readAgain } from '../shell/read-again.ts';
import { ACCOUNTS, accountQuery } from './accounts-query.ts';
import { type Resume, ResumeChoice } from './resume-choice.tsx';

interface ResumeDialogProps {
  readonly account: Schemas['Account'];
  readonly onClose: () => void;
}

/** Asks what to do with mail that arrived while the account was disabled. */
export function ResumeDialog({ account: { id, address, pausedAt }, onClose }: ResumeDialogProps) {
  const { accounts: words } = useWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const form = useForm<{ readonly resume: Resume }>({ initialValues: { resume: 'catch-up' } });
  // Kept for a retry, so that it is the same command.
  const name = useRef(nameRequest());
  // Queries the mail server: the number is only valid for the moment, and needed only here.
  const missed = useQuery({
    queryKey: ['missed', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/email/accounts/{id}/missed', { signal, params: { path: { id } } })),
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
  // Null also when the mail server does not know, which does not mean zero.
  const count = missed.data?.count ?? null;
  const resume = useMutation({
    mutationFn: (body: ReturnType<typeof form.getValues>) =>
      take(
        api.PATCH('/api/v1/email/accounts/{id}', {
          params: { path: { id } },
          body: { enabled: true, ...body, ...name.current },
        }),
      ),
    onSuccess: (account) => {
      announce(account.enabled ? words.enabledAgain(address) : words.disabled(address));
      queryClient.setQueryData(accountQuery(id).queryKey, account);
      onClose();
    },
    onSettled: (_changed, error) => readAgain(queryClient, error, ACCOUNTS, ['account', id]),
  });
  return (
    <Dialog onClose={onClose} title={words.resumeTitle(address)}>
      <form onSubmit={form.onSubmit((chosen) => resume.mutate(chosen))}>
        <Stack>
          {pausedAt !== null && (
            <Text size="sm" c="dimmed">
              {words.pausedSince} <Since time={pausedAt} />
            </Text>
          )}
          <ResumeChoice
            value={form.values.resume}
            onChange={(chosen) => form.setFieldValue('resume', chosen)}
            catchUp={{
              label: (
                <span aria-live="polite">
                  {count === null ? words.catchUp : words.catchUpCount(count)}
                  {missed.isPending && ` (${words.counting})`}
                </span>
              ),
              description: (
                <Alternatives shown={!missed.isPending && count === null ? 1 : 0}>
                  {words.catchUpWhat}
                  {`${words.catchUpWhat} ${words.notCounted}`}
                </Alternatives>
              ),
            }}
          />
          <DialogActions action={words.enable} onCancel={onClose} request={resume} />
        </Stack>
      </form>
    </Dialog>
  );
}
