import { Button, Radio, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { FormActions } from '../parts/form-actions.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useFormFields } from '../parts/use-form-fields.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useWords } from '../shell/languages.tsx';
import { profiles, usersQuery } from './users-page.tsx';

/** Lets a person in: an address, and what they may do. */
export function AddUserDialog({ onClose }: { readonly onClose: () => void }) {
  const { users: words, common } = useWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [profile, setProfile] = useState<Schemas['SecurityProfile']>('Agent');
  const add = useMutation({
    mutationFn: () => take(api.POST('/api/v1/users', { body: { email: email.trim(), displayName, profile } })),
    onSuccess: async (user) => {
      announce(words.added(user.email));
      await queryClient.invalidateQueries(usersQuery);
      onClose();
    },
  });
  const { form, field, says } = useFormFields(add.error);
  return (
    <Dialog onClose={onClose} title={words.add}>
      <form {...form(() => add.mutate())}>
        <Stack className="fields">
          <TextInput
            label={words.email}
            description={words.emailHint}
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            {...field('/email')}
            required
            data-autofocus
            autoComplete="off"
          />
          <TextInput
            label={`${words.name} (${common.optional})`}
            value={displayName}
            onChange={(event) => setDisplayName(event.currentTarget.value)}
            maxLength={200}
            autoComplete="off"
          />
          <Radio.Group
            label={words.profile}
            value={profile}
            onChange={(value) => setProfile(profiles.find((known) => known === value) ?? 'Agent')}
          >
            <Stack gap="sm" mt={6}>
              {profiles.map((value) => (
                <Radio key={value} value={value} label={value} description={words.profiles[value]} />
              ))}
            </Stack>
          </Radio.Group>
          <FormActions below={!says('/email') && <RequestNotice request={add} />}>
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {words.add}
            </Button>
          </FormActions>
        </Stack>
      </form>
    </Dialog>
  );
}
