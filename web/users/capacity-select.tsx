import { NativeSelect } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';

/** What the API takes where nothing is set. */
const USUAL = 3;
const choices = [0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20];

interface CapacitySelectProps {
  readonly user: Schemas['User'];
  readonly isDisabled: boolean;
  readonly onChange: (capacity: number | null) => void;
}

/** How many items a person has at a time before none is offered. */
export function CapacitySelect({ user, isDisabled, onChange }: CapacitySelectProps) {
  const { locale } = useWords();
  const { offers: words } = useDeskWords();
  const set = user.capacity === null ? [] : [user.capacity];
  const all = [...new Set([...choices, ...set])].toSorted((a, b) => a - b);
  return (
    <NativeSelect
      size="xs"
      w={110}
      aria-label={words.capacityOf(user.email)}
      value={user.capacity === null ? '' : String(user.capacity)}
      disabled={isDisabled}
      onChange={({ currentTarget: { value } }) => onChange(value === '' ? null : Number(value))}
      data={[
        { value: '', label: words.usualCapacity(USUAL) },
        ...all.map((value) => ({ value: String(value), label: value.toLocaleString(locale) })),
      ]}
    />
  );
}
