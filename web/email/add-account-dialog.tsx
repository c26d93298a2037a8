import { Anchor, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, take } from '../api/client.ts';
import { isKind, ProblemError } from '../api/problem-error.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { anAddress, wholeNumber } from '../parts/field-rules.tsx';
import { Notice } from '../parts/notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useApiForm } from '../parts/use-api-form.tsx';
import { queuesQuery } from '../queues/queues-query.ts';
import { useWords } from '../shell/languages.tsx';
import { useMe } from '../shell/session.ts';
import { ACCOUNTS } from './accounts-query.ts';
import type { EnteredMailbox } from './entered-mailbox.ts';
import { MailboxInputs } from './mailbox-inputs.tsx';
import { ownAddressBeside } from './own-address-beside.ts';
import { SignInSteps, type StartedSignIn } from './sign-in-steps.tsx';
import { openSignInTab, type SignInTab } from './sign-in-tab.ts';
import { newestEventId } from './use-sign-in-outcome.ts';

/** The API's default queue. */
const GENERAL_QUEUE = 'General';
/** The API's limit. */
const MOST_DAYS = 365;

interface EnteredAccount extends EnteredMailbox {
  /** Null: the general one. */
  readonly defaultQueueId: string | null;
  readonly backfillDays: string;
}

interface Beginning {
  readonly tab: SignInTab | undefined;
  readonly entered: EnteredAccount;
}

/** Enter the address, sign in at Microsoft in a new tab, and see the outcome. */
export function AddAccountDialog({ onClose }: { readonly onClose: () => void }) {
  const { adding: words, accounts } = useWords();
  const queryClient = useQueryClient();
  const queues = useQuery(queuesQuery);
  const me = useMe().data;
  const signerOf = ({ address, signInAs }: EnteredMailbox) =>
    signInAs ?? ownAddressBeside(address, me?.kind === 'user' ? me.name : '');
  // The API's default; it creates that queue if there is none.
  const generalQueueId = queues.data?.find(({ name }) => name === GENERAL_QUEUE)?.id ?? null;
  const [started, setStarted] = useState<StartedSignIn>();

  const handlers = {
    onSuccess: (signIn: StartedSignIn) => {
      setStarted(signIn);
      void queryClient.invalidateQueries({ queryKey: ACCOUNTS });
    },
  };
  const add = useMutation({
    mutationFn: async ({ tab, entered }: Beginning): Promise<StartedSignIn> => {
      const defaultQueueId = entered.defaultQueueId ?? generalQueueId;
      const body = {
        address: entered.address.trim(),
        ...(entered.isShared ? { signInAs: signerOf(entered).trim() } : {}),
        backfillDays: Number(entered.backfillDays),
        ...(defaultQueueId === null ? {} : { defaultQueueId }),
      };
      const account = await take(api.POST('/api/v1/email/accounts', { body }));
      const { id: accountId, address: added, signInUrl: link } = account;
      const url = account.microsoftUrl ?? link;
      tab?.lead(url);
      return { accountId, address: added, who: account.signInAs ?? added, url, link, since: 0, tab };
    },
    ...handlers,
    onError: (_error, { tab }) => tab?.close(),
  });
  const form = useApiForm<EnteredAccount>({
    name: 'account',
    initialValues: { address: '', isShared: false, signInAs: null, defaultQueueId: null, backfillDays: '0' },
    validate: {
      address: anAddress,
      signInAs: (_signer, values) => (values.isShared ? anAddress(signerOf(values)) : null),
      backfillDays: wholeNumber(0, MOST_DAYS),
    },
    onValuesChange: (now, before) => now.address !== before.address && add.isError && add.reset(),
    refusal: add.error,
  });
  const startAgain = useMutation({
    mutationFn: async (tab: SignInTab | undefined): Promise<StartedSignIn> => {
      const before = started as StartedSignIn;
      const id = before.accountId;
      const since = await newestEventId(id);
      const params = { path: { id } };
      const again = await take(api.POST('/api/v1/email/accounts/{id}/sign-in', { params, body: {} }));
      const url = again.microsoftUrl ?? again.signInUrl;
      tab?.lead(url);
      return { ...before, url, link: again.signInUrl, since, tab };
    },
    ...handlers,
    onError: (_error, tab) => tab?.close(),
  });

  function addAnother(): void {
    setStarted(undefined);
    form.setFieldValue('address', '');
    add.reset();
  }

  const isConnected = isKind(add.error, 'already-connected');
  const connectedId = add.error instanceof ProblemError ? add.error.details.facts?.accountId : undefined;
  return (
    <Dialog onClose={onClose} title={words.title} closesOnClickOutside={false}>
      {started ? (
        <Stack>
          <SignInSteps
            key={started.url}
            started={started}
            onStartAgain={() => startAgain.mutate(openSignInTab())}
            onAnother={addAnother}
            onClose={onClose}
          />
          <RequestNotice request={startAgain} />
        </Stack>
      ) : (
        <form {...form.onSubmitOf((entered) => add.mutate({ tab: openSignInTab(), entered }))}>
          <Stack className="fields">
            <MailboxInputs form={form} signer={signerOf(form.values)} addressHint={words.addressHint} />
            <Select
              label={words.queue}
              description={words.queueHint}
              placeholder={GENERAL_QUEUE}
              data={(queues.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              {...form.getInputProps('defaultQueueId')}
              value={form.values.defaultQueueId ?? generalQueueId}
              allowDeselect={false}
              searchable
            />
            <TextInput
              label={words.backfill}
              description={words.backfillHint}
              type="number"
              {...form.getInputProps('backfillDays')}
              min={0}
              max={MOST_DAYS}
              styles={{ wrapper: { width: 160 } }}
              rightSection={
                <Text size="sm" c="dimmed">
                  {words.days}
                </Text>
              }
              rightSectionWidth={56}
              rightSectionPointerEvents="none"
            />
            <DialogActions
              action={words.next}
              onCancel={onClose}
              request={add}
              saysRefusal={form.saysRefusal}
              below={
                isConnected ? (
                  <Notice
                    tone="warn"
                    urgent
                    actions={
                      typeof connectedId === 'string' && (
                        <Anchor component={Link} to={`/config/email/accounts/${connectedId}`} size="sm">
                          {accounts.showAccount}
                        </Anchor>
                      )
                    }
                  >
                    {words.already}
                  </Notice>
                ) : isKind(add.error, 'settings-missing') ? (
                  <Notice tone="warn" urgent>
                    {words.settingsMissing}{' '}
                    <Anchor component={Link} to="/config/email/settings" size="sm">
                      {accounts.toSettings}
                    </Anchor>
                  </Notice>
                ) : undefined
              }
            />
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
