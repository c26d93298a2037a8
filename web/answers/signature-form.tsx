import { Button, Skeleton, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../api/client.ts';
import { FormActions } from '../parts/form-actions.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { HtmlField } from './html-field.tsx';

interface SignatureFormProps {
  /** Undefined: one's own signature. */
  readonly accountId?: string;
  readonly onSaved: () => void;
}

/** The signature of a person or a mailbox while it is edited. */
export function SignatureForm({ accountId, onSaved }: SignatureFormProps) {
  const { common } = useWords();
  const { answers: words } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const [html, setHtml] = useState<string>();
  const params = { path: { id: accountId ?? '' } };
  const queryKey = ['signature', accountId ?? 'own'];
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      accountId === undefined
        ? take(api.GET('/api/v1/me/signature', { signal }))
        : take(api.GET('/api/v1/email/accounts/{id}/signature', { signal, params })),
    // What is being edited must not be exchanged.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const save = useMutation({
    mutationFn: (saved: string) => {
      const body = { html: isEmpty(saved) ? '' : saved };
      return accountId === undefined
        ? take(api.PUT('/api/v1/me/signature', { body }))
        : take(api.PUT('/api/v1/email/accounts/{id}/signature', { params, body }));
    },
    onSuccess: (saved) => {
      queryClient.setQueryData(queryKey, saved);
      setHtml(undefined);
      announce(words.page.signatureSaved);
      onSaved();
    },
  });
  if (error && !data) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={180} radius="md" />;
  return (
    <Stack gap="sm">
      <HtmlField
        label={words.page.text}
        hint={accountId === undefined ? words.page.ownSignatureWhat : words.page.mailboxSignatureWhat}
        value={data.html}
        onChange={setHtml}
      />
      <FormActions below={<RequestNotice request={save} />}>
        <Button
          onClick={() => html !== undefined && save.mutate(html)}
          loading={save.isPending}
          disabled={html === undefined}
        >
          {common.save}
        </Button>
      </FormActions>
    </Stack>
  );
}

/** True for markup without words and pictures. */
function isEmpty(html: string): boolean {
  return !/<img|<hr/i.test(html) && html.replace(/<[^>]*>|&nbsp;|\s/g, '') === '';
}
