import { MultiSelect, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { filledIn } from '../parts/field-rules.tsx';
import { ownChanges } from '../parts/own-changes.ts';
import { useApiForm } from '../parts/use-api-form.tsx';
import { queuesQuery } from '../queues/queues-query.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { teamsQuery } from './teams-query.ts';
import { usersQuery } from './users-query.ts';

interface TeamDialogProps {
  /** Undefined: a new one. */
  readonly team?: Schemas['Team'];
  readonly onClose: () => void;
}

interface Entered {
  readonly name: string;
  readonly userIds: string[];
  readonly queueIds: string[];
}

function enteredTeam(team: Schemas['Team'] | undefined): Entered {
  return {
    name: team?.name ?? '',
    userIds: team?.people.map(({ id }) => id) ?? [],
    queueIds: team?.queues.map(({ id }) => id) ?? [],
  };
}

/** Names a team, and says who is in it and which queues it has. */
export function TeamDialog({ team, onClose }: TeamDialogProps) {
  const { teams: words } = useDeskWords();
  const { common } = useWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const users = useQuery(usersQuery).data ?? [];
  const queues = useQuery(queuesQuery).data ?? [];
  const [opened] = useState(() => enteredTeam(team));
  const save = useMutation({
    mutationFn: async (entered: Entered) => {
      if (!team) return await take(api.POST('/api/v1/teams', { body: entered }));
      const { id } = team;
      const now = (await queryClient.fetchQuery({ ...teamsQuery, staleTime: 0 })).find((each) => each.id === id);
      const body = ownChanges(opened, entered, enteredTeam(now ?? team));
      return await take(api.PATCH('/api/v1/teams/{id}', { params: { path: { id } }, body }));
    },
    onSuccess: async ({ name }) => {
      announce(words.saved(name));
      await Promise.all([queryClient.invalidateQueries(teamsQuery), queryClient.invalidateQueries(usersQuery)]);
      onClose();
    },
  });
  const form = useApiForm<Entered>({
    name: 'team',
    initialValues: opened,
    validate: { name: filledIn },
    refusal: save.error,
  });
  return (
    <Dialog onClose={onClose} title={team ? words.edit(team.name) : words.add}>
      <form {...form.onSubmitOf((entered) => save.mutate(entered))}>
        <Stack className="fields">
          <TextInput
            label={words.name}
            {...form.getInputProps('name')}
            maxLength={100}
            required
            data-autofocus
            autoComplete="off"
          />
          <MultiSelect
            label={words.people}
            data={users.map(({ id, email }) => ({ value: id, label: email }))}
            searchable
            {...form.getInputProps('userIds')}
          />
          <MultiSelect
            label={words.queues}
            data={queues.map(({ id, name }) => ({ value: id, label: name }))}
            searchable
            {...form.getInputProps('queueIds')}
          />
          <DialogActions action={common.save} onCancel={onClose} request={save} saysRefusal={form.saysRefusal} />
        </Stack>
      </form>
    </Dialog>
  );
}
