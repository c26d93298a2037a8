import { Button, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { FormActions } from '../parts/form-actions.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useFormFields } from '../parts/use-form-fields.tsx';
import { useWords } from '../shell/languages.tsx';
import { MailboxInputs } from './mailbox-inputs.tsx';
import { SignInSteps, type StartedSignIn } from './sign-in-steps.tsx';
import { openSignInTab, type SignInTab } from './sign-in-tab.ts';
import { SignerInput } from './signer-input.tsx';
import { newestEventId } from './use-sign-in-outcome.ts';

interface SignInDialogProps {
  readonly account: Pick<Schemas['Account'], 'id' | 'address' | 'signInAs'>;
  readonly onClose: () => void;
}

/**
 * Signs in once more to an account that is in the list already: as another person where the mailbox is shared, under
 * another address where it was renamed, and as a shared mailbox where it became one.
 */
export function SignInDialog({ account: { id, address, signInAs }, onClose }: SignInDialogProps) {
  const { adding: words, common } = useWords();
  const [changes, setChanges] = useState(false);
  const [entered, setEntered] = useState({ address, isShared: signInAs !== null, signer: signInAs ?? '' });
  const newAddress = trimmed(entered.address);
  const who = entered.isShared ? trimmed(entered.signer) : newAddress;
  const [started, setStarted] = useState<StartedSignIn>();
  const start = useMutation({
    mutationFn: async (tab: SignInTab | undefined): Promise<StartedSignIn> => {
      const since = await newestEventId(id);
      const params = { path: { id } };
      const body = {
        signInAs: entered.isShared ? who : null,
        ...(newAddress === address ? {} : { address: newAddress }),
      };
      const { signInUrl } = await take(api.POST('/api/v1/email/accounts/{id}/sign-in', { params, body }));
      tab?.lead(signInUrl);
      return { accountId: id, address: newAddress, who, url: signInUrl, since, tab };
    },
    onSuccess: setStarted,
    onError: (_error, tab) => tab?.close(),
  });
  const begin = () => start.mutate(openSignInTab());
  const { form, field, says } = useFormFields(start.error);
  return (
    <Dialog onClose={onClose} title={words.againTitle(address)} closesOnClickOutside={false}>
      {started ? (
        <Stack>
          <SignInSteps key={started.url} started={started} onStartAgain={begin} onClose={onClose} />
          <RequestNotice request={start} />
        </Stack>
      ) : (
        <form {...form(begin)}>
          <Stack className="fields">
            {changes ? (
              <MailboxInputs
                value={entered}
                onChange={(change) => setEntered({ ...entered, ...change })}
                addressHint={words.newAddressHint}
                field={field}
              />
            ) : (
              entered.isShared && (
                <SignerInput
                  value={entered.signer}
                  onChange={(signer) => setEntered({ ...entered, signer })}
                  field={field('/signInAs')}
                />
              )
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
            <FormActions below={!says('/address', '/signInAs') && <RequestNotice request={start} />}>
              <Button variant="default" onClick={onClose}>
                {common.cancel}
              </Button>
              <Button type="submit" loading={start.isPending} data-autofocus>
                {words.next}
              </Button>
            </FormActions>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

function trimmed(address: string): string {
  return address.trim().toLowerCase();
}
