import { Button, Group, Stack, Switch, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { SignInDialog } from '../email/sign-in-dialog.tsx';
import { Notice } from '../parts/notice.tsx';
import { ProblemLinks } from '../parts/problem-links.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { SendingWords } from '../parts/server-words.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { loadCode } from '../shell/load-code.ts';
import { useMay } from '../shell/session.ts';

const SignatureDialog = lazy(async () => ({
  default: (await loadCode(() => import('./signature-dialog.tsx'))).SignatureDialog,
}));

/** Answers from a mailbox: allowed or not, what is missing, and the mailbox's signature. */
export function SendingPanel({ account }: { readonly account: Schemas['Account'] }) {
  const { answers } = useDeskWords();
  const words = answers.sending;
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const mayChange = useMay('accounts.change');
  const maySign = useMay('answers.manage');
  const [signsIn, setSignsIn] = useState(false);
  const [writesSignature, setWritesSignature] = useState(false);
  const params = { path: { id: account.id } };
  const queryKey = ['account', account.id, 'sending'];
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) => take(api.GET('/api/v1/email/accounts/{id}/sending', { signal, params })),
  });
  const change = useMutation({
    mutationFn: (enabled: boolean) =>
      take(api.PUT('/api/v1/email/accounts/{id}/sending', { params, body: { enabled } })),
    onSuccess: (changed) => {
      queryClient.setQueryData(queryKey, changed);
      announce(changed.enabled ? words.switchedOn : words.switchedOff);
    },
  });
  if (!data || account.state === 'removed') return null;
  const { enabled, missing, isPossible, reason } = data;
  return (
    <section className="panel panel-body" aria-labelledby="sending">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} id="sending">
            {words.title}
          </Title>
          <Switch
            size="xs"
            label={words.on}
            checked={enabled}
            disabled={!mayChange}
            aria-busy={change.isPending}
            onChange={(event) => !change.isPending && change.mutate(event.currentTarget.checked)}
          />
        </Group>
        {enabled && missing !== null && (
          <Notice
            tone="warn"
            actions={
              missing === 'consent' && mayChange ? (
                <Button size="compact-sm" variant="default" onClick={() => setSignsIn(true)}>
                  {words.signIn}
                </Button>
              ) : (
                missing === 'installation' && <ProblemLinks kind="settings-missing" />
              )
            }
          >
            {words.missing[missing]}
          </Notice>
        )}
        {(!enabled || missing === null) && (
          <Text size="sm" c="dimmed">
            {isPossible ? (
              words.ready
            ) : enabled ? (
              <SendingWords reason={reason}>{data.words ?? ''}</SendingWords>
            ) : (
              words.off
            )}
          </Text>
        )}
        <RequestNotice request={change} />
        {enabled && maySign && (
          <Group>
            <Button size="compact-sm" variant="default" onClick={() => setWritesSignature(true)}>
              {answers.page.mailboxSignature}
            </Button>
          </Group>
        )}
      </Stack>
      {signsIn && <SignInDialog account={account} onClose={() => setSignsIn(false)} />}
      {writesSignature && (
        <Suspense>
          <SignatureDialog accountId={account.id} onClose={() => setWritesSignature(false)} />
        </Suspense>
      )}
    </section>
  );
}
