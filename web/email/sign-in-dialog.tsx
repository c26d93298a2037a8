import { Button, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { anAddress } from '../parts/field-rules.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useApiForm } from '../parts/use-api-form.tsx';
import { useWords } from '../shell/languages.tsx';
import type { EnteredMailbox } from './entered-mailbox.ts';
import { MailboxInputs } from './mailbox-inputs.tsx';
import { SignInSteps, type StartedSignIn } from './sign-in-steps.tsx';
import { openSignInTab, type SignInTab } from './sign-in-tab.ts';
import { SignerInput } from './signer-input.tsx';
import { newestEventId } from './use-sign-in-outcome.ts';

interface SignInDialogProps {
  readonly account: Pick<Schemas['Account'], 'id' | 'address' | 'signInAs'>;
  readonly onClose: () => void;
}

interface Beginning {
  readonly tab: SignInTab | undefined;
  readonly entered: EnteredMailbox;
}

/**
 * Signs in again to a connected account: as another person where the mailbox is shared, under another address where it
 * was renamed, or as a shared mailbox where it became one.
 */
export function SignInDialog({ account: { id, address, signInAs }, onClose }: SignInDialogProps) {
  const { adding: words } = useWords();
  const [changes, setChanges] = useState(false);
  const [started, setStarted] = useState<StartedSignIn>();
  const start = useMutation({
    mutationFn: async ({ tab, entered }: Beginning): Promise<StartedSignIn> => {
      const since = await newestEventId(id);
      const params = { path: { id } };
      const newAddress = trimmed(entered.address);
      const who = whoSignsIn(entered);
      const body = {
        signInAs: entered.isShared ? who : null,
        ...(newAddress === address ? {} : { address: newAddress }),
      };
      const { signInUrl: link, microsoftUrl } = await take(
        api.POST('/api/v1/email/accounts/{id}/sign-in', { params, body }),
      );
      const url = microsoftUrl ?? link;
      tab?.lead(url);
      return { accountId: id, address: newAddress, who, url, link, since, tab };
    },
    onSuccess: setStarted,
    onError: (_error, { tab }) => tab?.close(),
  });
  const form = useApiForm<EnteredMailbox>({
    name: 'sign-in',
    initialValues: { address, isShared: signInAs !== null, signInAs: signInAs ?? '' },
    validate: {
      address: anAddress,
      signInAs: (signer, { isShared }) => (isShared ? anAddress(signer ?? '') : null),
    },
    refusal: start.error,
  });
  const begin = () => start.mutate({ tab: openSignInTab(), entered: form.getValues() });
  const who = whoSignsIn(form.values);
  return (
    <Dialog onClose={onClose} title={words.againTitle(address)} closesOnClickOutside={false}>
      {started ? (
        <Stack>
          <SignInSteps key={started.url} started={started} onStartAgain={begin} onClose={onClose} />
          <RequestNotice request={start} />
        </Stack>
      ) : (
        <form {...form.onSubmitOf(begin)}>
          <Stack className="fields">
            {changes ? (
              <MailboxInputs form={form} addressHint={words.newAddressHint} />
            ) : (
              form.values.isShared && <SignerInput form={form} />
            )}
            {who !== '' && <Text size="sm">{words.againWhat(who)}</Text>}
            {!changes && (
              <Button
                variant="subtle"
                size="compact-sm"
                onClick={() => setChanges(true)}
                style={{ alignSelf: 'start' }}
              >
                {words.mailboxChanged}
              </Button>
            )}
            <DialogActions
              action={words.next}
              onCancel={onClose}
              request={start}
              saysRefusal={form.saysRefusal}
              hasFocus
            />
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

function whoSignsIn({ address, isShared, signInAs }: EnteredMailbox): string {
  return trimmed(isShared ? (signInAs ?? '') : address);
}

function trimmed(address: string): string {
  return address.trim().toLowerCase();
}
