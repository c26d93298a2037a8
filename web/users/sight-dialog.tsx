import { Checkbox, MultiSelect, Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { ownChanges } from '../parts/own-changes.ts';
import { useApiForm } from '../parts/use-api-form.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { teamsQuery } from './teams-query.ts';
import { usersQuery } from './users-query.ts';

type User = Schemas['User'];

/** Which queues a user sees, in a word or two. */
export function sightOf(user: User, words: ReturnType<typeof useDeskWords>['teams']): string {
  if (!user.readsMail) return words.seesNoMail;
  if (user.allQueues || user.profile === 'Admin') return words.seesAll;
  return user.teams.map(({ name }) => name).join(', ') || words.seesNothing;
}

interface Entered {
  readonly sees: string;
  readonly readsMail: boolean;
  readonly teamIds: string[];
}

function enteredSight({ allQueues, readsMail, teams }: User): Entered {
  return { sees: allQueues ? 'all' : 'teams', readsMail, teamIds: teams.map(({ id }) => id) };
}

/** Which queues a user sees, and whether any mail. */
export function SightDialog({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const { teams: words } = useDeskWords();
  const { common } = useWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const teams = useQuery(teamsQuery).data ?? [];
  const isAdmin = user.profile === 'Admin';
  const [opened] = useState(() => enteredSight(user));
  const change = useMutation({
    mutationFn: async (entered: Entered) => {
      const { id } = user;
      const now = (await queryClient.fetchQuery({ ...usersQuery, staleTime: 0 })).find((each) => each.id === id);
      const { sees, ...others } = ownChanges(opened, entered, enteredSight(now ?? user));
      const body = { ...others, ...(sees !== undefined && { allQueues: sees === 'all' }) };
      return await take(api.PATCH('/api/v1/users/{id}', { params: { path: { id } }, body }));
    },
    onSuccess: async ({ email }) => {
      announce(words.changed(email));
      await Promise.all([queryClient.invalidateQueries(teamsQuery), queryClient.invalidateQueries(usersQuery)]);
      onClose();
    },
  });
  const form = useApiForm<Entered>({
    name: 'sight',
    initialValues: opened,
    refusal: change.error,
  });
  return (
    <Dialog onClose={onClose} title={words.changeTitle(user.email)}>
      <form {...form.onSubmitOf((entered) => change.mutate(entered))}>
        <Stack className="fields">
          {isAdmin && <Text size="sm">{words.ofAdmins}</Text>}
          {!isAdmin && (
            <Radio.Group label={words.queues} {...form.getInputProps('sees')}>
              <Stack gap="sm" mt={6}>
                <Radio value="all" label={words.all} description={words.allHint} />
                <Radio value="teams" label={words.ofTeams} description={words.ofTeamsHint} />
              </Stack>
            </Radio.Group>
          )}
          {!isAdmin && (
            <MultiSelect
              label={words.theirTeams}
              data={teams.map(({ id, name }) => ({ value: id, label: name }))}
              searchable
              {...form.getInputProps('teamIds')}
            />
          )}
          <Checkbox
            label={words.readsMail}
            description={words.readsMailHint}
            {...form.getInputProps('readsMail', { type: 'checkbox' })}
          />
          <DialogActions action={common.save} onCancel={onClose} request={change} saysRefusal={form.saysRefusal} />
        </Stack>
      </form>
    </Dialog>
  );
}
