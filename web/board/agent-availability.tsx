import { Text } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { knownWord } from '../parts/known-word.ts';
import { Since } from '../parts/since.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { useDeskWords } from '../shell/languages.tsx';

/** Whether items are offered to an agent, since when, and why not; nothing where the agent never chose. */
export function AgentAvailability({ agent }: { readonly agent: Schemas['Board']['agents'][number] }) {
  const { offers: words } = useDeskWords();
  const { availability, because, since, offered } = agent;
  if (availability === null) return null;
  return (
    <Text size="xs" c="dimmed" component="div">
      <StatusLabel tone={availability === 'available' ? 'good' : 'idle'}>
        {knownWord(words.states, availability)}
        {because !== null && ` (${knownWord(words.boardAway, because)})`}
      </StatusLabel>
      {since !== null && (
        <>
          {' '}
          <Since time={since} />
        </>
      )}
      {offered > 0 && `, ${words.boardOffered(offered)}`}
    </Text>
  );
}
