import { Button, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { filledIn } from '../parts/field-rules.tsx';
import { FormActions } from '../parts/form-actions.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useApiForm } from '../parts/use-api-form.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { KEY_DAYS, MadeKey, networksOf } from './make-key-dialog.tsx';
import { useProvisioningWords } from './provisioning-words.ts';

interface Values {
  readonly name: string;
  readonly expiresAt: string;
  readonly networks: string;
}

/** Makes a key for an identity provider, and shows it this once. */
export function MakeProvisioningKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const { keys: words } = useDeskWords();
  const provisioning = useProvisioningWords();
  const { common } = useWords();
  const queryClient = useQueryClient();
  const make = useMutation({
    mutationFn: (values: Values) => take(api.POST('/api/v1/provisioning/keys', { body: bodyOf(values) })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['api-keys'] }),
  });
  const form = useApiForm<Values>({
    name: 'provisioning-key',
    initialValues: { name: '', expiresAt: '365', networks: '' },
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
          <Select
            label={words.expires}
            data={KEY_DAYS.map((value) => ({ value, label: words.days[value] }))}
            allowDeselect={false}
            {...form.getInputProps('expiresAt')}
          />
          <TextInput
            label={`${words.networks} (${common.optional})`}
            description={words.networksHint}
            placeholder="192.0.2.0/24"
            autoComplete="off"
            {...form.getInputProps('networks')}
          />
          <FormActions below={!form.saysRefusal && <RequestNotice request={make} />}>
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={make.isPending}>
              {provisioning.make}
            </Button>
          </FormActions>
        </Stack>
      </form>
    </Dialog>
  );
}

function bodyOf({ name, expiresAt, networks }: Values): Schemas['NewProvisioningKey'] {
  const from = networksOf(networks);
  return {
    name,
    ...(expiresAt === 'never'
      ? {}
      : { expiresAt: new Date(Date.now() + Number(expiresAt) * 86_400_000).toISOString() }),
    ...(from.length > 0 ? { networks: from } : {}),
  };
}
