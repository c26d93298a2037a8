import { Button, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { findAccounts } from '../email/find-accounts.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { filledIn } from '../parts/field-rules.tsx';
import { FormActions } from '../parts/form-actions.tsx';
import { useApiForm } from '../parts/use-api-form.tsx';
import { queuesQuery } from '../queues/queues-query.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useMe } from '../shell/session.ts';
import { ExpiryInput, INITIAL_TERMS, type KeyTerms, NetworksInput, termsOf } from './key-terms.tsx';
import { profiles } from './users-query.ts';

interface Values extends KeyTerms {
  readonly name: string;
  readonly profile: Schemas['SecurityProfile'];
  readonly permissions: string[];
  readonly queueIds: string[];
  readonly accountIds: string[];
}

/** Makes an API key, and shows it this once. */
export function MakeKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const { keys: words } = useDeskWords();
  const queryClient = useQueryClient();
  const make = useMutation({
    mutationFn: (values: Values) => take(api.POST('/api/v1/api-keys', { body: bodyOf(values) })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['api-keys'] }),
  });
  const form = useApiForm<Values>({
    name: 'api-key',
    initialValues: {
      name: '',
      profile: 'Agent',
      permissions: [],
      queueIds: [],
      accountIds: [],
      ...INITIAL_TERMS,
    },
    validate: { name: filledIn },
    refusal: make.error,
  });
  if (make.data) return <MadeKey name={make.data.name} apiKey={make.data.key} onClose={onClose} />;
  return (
    <Dialog onClose={onClose} title={words.make}>
      <form {...form.onSubmitOf((values) => make.mutate(values))}>
        <Stack className="fields">
          <TextInput
            label={words.name}
            description={words.nameHint}
            {...form.getInputProps('name')}
            maxLength={100}
            required
            data-autofocus
            autoComplete="off"
          />
          <Select label={words.profile} data={[...profiles]} allowDeselect={false} {...form.getInputProps('profile')} />
          <ExpiryInput form={form} />
          <Limits form={form} />
          <DialogActions action={words.make} onCancel={onClose} request={make} saysRefusal={form.saysRefusal} />
        </Stack>
      </form>
    </Dialog>
  );
}

function Limits({ form }: { readonly form: ReturnType<typeof useApiForm<Values>> }) {
  const { keys: words } = useDeskWords();
  const { common } = useWords();
  const me = useMe().data;
  const queues = useQuery(queuesQuery).data ?? [];
  const [search, setSearch] = useState('');
  const [known, setKnown] = useState<ReadonlyMap<string, string>>(new Map());
  const accounts = useQuery({
    queryKey: ['accounts', 'of-keys', search],
    queryFn: async ({ signal }) => {
      const found = await findAccounts(search, signal);
      setKnown((before) => new Map([...before, ...found.map(({ id, address }) => [id, address] as const)]));
      return found;
    },
    placeholderData: keepPreviousData,
  });
  const shown = [...new Set([...form.values.accountIds, ...(accounts.data ?? []).map(({ id }) => id)])];
  const optional = (label: string) => `${label} (${common.optional})`;
  return (
    <>
      <MultiSelect
        label={optional(words.permissions)}
        description={words.permissionsHint}
        data={[...(me?.permissions ?? [])]}
        searchable
        clearable
        {...form.getInputProps('permissions')}
      />
      <MultiSelect
        label={optional(words.queues)}
        description={words.reachHint}
        data={queues.map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        clearable
        {...form.getInputProps('queueIds')}
      />
      <MultiSelect
        label={optional(words.accounts)}
        data={shown.map((id) => ({ value: id, label: known.get(id) ?? id }))}
        searchable
        clearable
        searchValue={search}
        onSearchChange={setSearch}
        {...form.getInputProps('accountIds')}
      />
      <NetworksInput form={form} />
    </>
  );
}

/** A key that was made, this once. */
export function MadeKey({
  name,
  apiKey,
  onClose,
}: {
  readonly name: string;
  readonly apiKey: string;
  readonly onClose: () => void;
}) {
  const { keys: words } = useDeskWords();
  const { common } = useWords();
  return (
    <Dialog onClose={onClose} title={words.made(name)}>
      <Stack>
        <Text size="sm">{words.shownOnce}</Text>
        <CopyText value={apiKey} />
        <FormActions>
          <Button onClick={onClose}>{common.close}</Button>
        </FormActions>
      </Stack>
    </Dialog>
  );
}

function bodyOf({ name, profile, permissions, queueIds, accountIds, ...terms }: Values): Schemas['NewApiKey'] {
  return {
    name,
    profile,
    ...termsOf(terms),
    ...(permissions.length > 0 ? { permissions: permissions as NonNullable<Schemas['NewApiKey']['permissions']> } : {}),
    ...(queueIds.length > 0 ? { queueIds } : {}),
    ...(accountIds.length > 0 ? { accountIds } : {}),
  };
}
