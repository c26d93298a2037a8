import { Radio, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { AddressInput } from '../parts/address-input.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { anAddress } from '../parts/field-rules.tsx';
import { useApiForm } from '../parts/use-api-form.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { profiles, usersQuery } from './users-query.ts';

type NewUser = Required<Pick<Schemas['NewUser'], 'email' | 'displayName' | 'profile'>>;

/** Adds a user: an address and a profile. */
export function AddUserDialog({ onClose }: { readonly onClose: () => void }) {
  const { common } = useWords();
  const { users: words } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const add = useMutation({
    mutationFn: ({ email, ...user }: NewUser) =>
      take(api.POST('/api/v1/users', { body: { ...user, email: email.trim() } })),
    onSuccess: async (user) => {
      announce(words.added(user.email));
      await queryClient.invalidateQueries(usersQuery);
      onClose();
    },
  });
  const form = useApiForm<NewUser>({
    name: 'user',
    initialValues: { email: '', displayName: '', profile: 'Agent' },
    validate: { email: anAddress },
    refusal: add.error,
  });
  return (
    <Dialog onClose={onClose} title={words.add}>
      <form {...form.onSubmitOf((user) => add.mutate(user))}>
        <Stack className="fields">
          <AddressInput
            label={words.email}
            description={words.emailHint}
            {...form.getInputProps('email')}
            data-autofocus
          />
          <TextInput
            label={`${words.name} (${common.optional})`}
            {...form.getInputProps('displayName')}
            maxLength={200}
            autoComplete="off"
          />
          <Radio.Group label={words.profile} {...form.getInputProps('profile')}>
            <Stack gap="sm" mt={6}>
              {profiles.map((value) => (
                <Radio key={value} value={value} label={value} description={words.profiles[value]} />
              ))}
            </Stack>
          </Radio.Group>
          <DialogActions action={words.add} onCancel={onClose} request={add} saysRefusal={form.saysRefusal} />
        </Stack>
      </form>
    </Dialog>
  );
}
