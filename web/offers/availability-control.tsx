import { NativeSelect, Text } from '@mantine/core';
import { knownWord } from '../parts/known-word.ts';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import type { Availability } from './availability-query.ts';
import { useChooseAvailability } from './use-choose-availability.ts';

const states = ['available', 'away'] as const;

interface AvailabilityControlProps {
  readonly availability: Availability;
  readonly isShort: boolean;
}

/** The switch between available and away, with how much the user has, or why the user is away. */
export function AvailabilityControl({ availability, isShort }: AvailabilityControlProps) {
  const { offers: words } = useDeskWords();
  const choose = useChooseAvailability();
  const { state, because, held, capacity } = availability;
  const why = because === null ? words.neverChosen : knownWord(words.away, because);
  return (
    <div>
      <NativeSelect
        size="xs"
        aria-label={words.availability}
        value={choose.isPending ? choose.variables : state}
        onChange={({ currentTarget }) => {
          const chosen = states.find((known) => known === currentTarget.value);
          if (chosen !== undefined && !choose.isPending) choose.mutate(chosen);
        }}
        data={states.map((value) => ({ value, label: words.states[value] }))}
      />
      {!isShort && (
        <Text size="xs" c="dimmed" mt={4}>
          {state === 'available' ? words.room(held, capacity) : why}
        </Text>
      )}
      {!isShort && <RequestNotice request={choose} />}
    </div>
  );
}
