import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { PageHeader } from '../parts/page-header.tsx';
import { UnloadedTable } from '../parts/unloaded-table.tsx';
import { Guarded } from '../shell/guarded.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { teamsQuery } from '../users/teams-query.ts';
import { SignOnForm } from './sign-on-form.tsx';
import { signOnQuery } from './sign-on-query.ts';

/** Admin > Sign-in: what the identity provider decides, and when it is asked again. */
export function SignOnPage() {
  return (
    <Guarded permission="users.read">
      <SignOn />
    </Guarded>
  );
}

function SignOn() {
  const { signOn: words } = useDeskWords();
  const settings = useQuery(signOnQuery);
  const teams = useQuery(teamsQuery);
  const error = settings.error ?? teams.error;
  const isLoaded = settings.data && teams.data;
  return (
    <Stack gap="xl">
      <PageHeader title={words.title} lead={words.lead} />
      <UnloadedTable isLoaded={isLoaded !== undefined} error={error} onRetry={() => void settings.refetch()} rows={4} />
      {isLoaded && <SignOnForm key={settings.data.version} settings={settings.data} teams={teams.data} />}
    </Stack>
  );
}
