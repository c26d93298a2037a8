import { Select, Stack, Text, TextInput } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { findAccounts } from '../email/find-accounts.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { filledIn } from '../parts/field-rules.tsx';
import { useApiForm } from '../parts/use-api-form.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';

export type Scope = 'everything' | 'account' | 'sender' | 'item';

/** What a hold or an erasure names. */
export interface Target {
  readonly scope: Scope;
  readonly address: string;
  readonly accountId: string;
  readonly reason: string;
}

interface TargetDialogProps {
  readonly title: string;
  readonly what?: string;
  readonly action: string;
  /** The word of the button warns. */
  readonly isDangerous?: boolean;
  readonly done: string;
  readonly scopes: readonly Scope[];
  readonly send: (target: Target) => Promise<unknown>;
  readonly listKey: readonly string[];
  readonly onClose: () => void;
}

/** Asks for what is to be held or erased, and why. */
export function TargetDialog(props: TargetDialogProps) {
  const { title, what, action, isDangerous = false, done, scopes, send, listKey, onClose } = props;
  const { retention: words } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const sending = useMutation({
    mutationFn: send,
    onSuccess: async () => {
      announce(done);
      await queryClient.invalidateQueries({ queryKey: listKey });
      onClose();
    },
  });
  const form = useApiForm<Target>({
    name: 'retention-target',
    initialValues: { scope: scopes[0] ?? 'sender', address: '', accountId: '', reason: '' },
    validate: {
      address: (text, { scope }) => (scope === 'sender' ? filledIn(text) : null),
      accountId: (text, { scope }) => (scope === 'account' ? filledIn(text) : null),
      reason: filledIn,
    },
    refusal: sending.error,
  });
  const { scope } = form.values;
  return (
    <Dialog onClose={onClose} title={title} isBusy={sending.isPending} closesOnClickOutside={!form.isDirty()}>
      <form {...form.onSubmitOf((target) => sending.mutate(target))}>
        <Stack className="fields">
          {what !== undefined && <Text size="sm">{what}</Text>}
          <Select
            label={words.what}
            data={scopes.map((value) => ({ value, label: words.scopes[value] }))}
            allowDeselect={false}
            data-autofocus
            {...form.getInputProps('scope')}
          />
          {scope === 'sender' && (
            <TextInput
              label={words.address}
              placeholder="mia@fabrikam.example"
              autoComplete="off"
              inputMode="email"
              maxLength={254}
              required
              {...form.getInputProps('address')}
            />
          )}
          {scope === 'account' && <AccountSelect {...form.getInputProps('accountId')} />}
          <TextInput
            label={words.reason}
            description={words.reasonHint}
            autoComplete="off"
            maxLength={500}
            required
            {...form.getInputProps('reason')}
          />
          <DialogActions
            action={action}
            onCancel={onClose}
            request={sending}
            saysRefusal={form.saysRefusal}
            isDangerous={isDangerous}
          />
        </Stack>
      </form>
    </Dialog>
  );
}

/** Finds an account by its address. */
function AccountSelect(props: object) {
  const { retention: words } = useDeskWords();
  const [search, setSearch] = useState('');
  const accounts = useQuery({
    queryKey: ['accounts', 'of-holds', search],
    queryFn: ({ signal }) => findAccounts(search, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <Select
      label={words.account}
      data={(accounts.data ?? []).map(({ id, address }) => ({ value: id, label: address }))}
      searchable
      required
      onSearchChange={setSearch}
      {...props}
    />
  );
}
