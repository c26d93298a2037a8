import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useDeskWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { teamsQuery } from '../users/teams-query.ts';

/** Who sees a queue, for those who set up users. */
export function TeamsOfQueue({ queueId }: { readonly queueId: string }) {
  const { teams: words } = useDeskWords();
  const maySeeTeams = useMay('users.read');
  const { data } = useQuery({ ...teamsQuery, enabled: maySeeTeams });
  if (!data) return null;
  const names = data.filter(({ queues }) => queues.some(({ id }) => id === queueId)).map(({ name }) => name);
  return (
    <Text size="sm" c="dimmed">
      {names.length === 0 ? words.ofQueueNone : words.ofQueue(names.length, names.join(', '))}
    </Text>
  );
}
