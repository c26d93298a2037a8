import { Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { filledIn } from '../parts/field-rules.tsx';
import { useApiForm } from '../parts/use-api-form.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { ExpiryInput, INITIAL_TERMS, type KeyTerms, NetworksInput, termsOf } from './key-terms.tsx';
import { MadeKey } from './make-key-dialog.tsx';

interface Values extends KeyTerms {
  readonly name: string;
}

/** Makes a key for an identity provider, and shows it this once. */
export function MakeProvisioningKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const { keys: words, provisioning } = useDeskWords();
  const queryClient = useQueryClient();
  const make = useMutation({
    mutationFn: ({ name, ...terms }: Values) =>
      take(api.POST('/api/v1/provisioning/keys', { body: { name, ...termsOf(terms) } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['api-keys'] }),
  });
  const form = useApiForm<Values>({
    name: 'provisioning-key',
    initialValues: { name: '', ...INITIAL_TERMS },
    validate: { name: filledIn },
    refusal: make.error,
  });
  if (make.data) return <MadeKey name={make.data.name} apiKey={make.data.key} onClose={onClose} />;
  return (
    <Dialog onClose={onClose} title={provisioning.make}>
      <form {...form.onSubmitOf((values) => make.mutate(values))}>
        <Stack className="fields">
          <TextInput
            label={words.name}
            description={provisioning.nameHint}
            {...form.getInputProps('name')}
            maxLength={100}
            required
            data-autofocus
            autoComplete="off"
          />
          <ExpiryInput form={form} />
          <NetworksInput form={form} />
          <DialogActions action={provisioning.make} onCancel={onClose} request={make} saysRefusal={form.saysRefusal} />
        </Stack>
      </form>
    </Dialog>
  );
}
