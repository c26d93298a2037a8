import { Select, TextInput } from '@mantine/core';
import { splitList } from '../parts/split-list.ts';
import type { useApiForm } from '../parts/use-api-form.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';

/** Long enough for a program that is seldom changed, and short enough that a forgotten key ends. */
const KEY_DAYS = ['30', '90', '365', 'never'] as const;

/** Until when a key works, and from where, as it is entered. */
export interface KeyTerms {
  readonly expiresAt: string;
  readonly networks: string;
}
export const INITIAL_TERMS: KeyTerms = { expiresAt: '365', networks: '' };

interface TermInputProps {
  readonly form: Pick<ReturnType<typeof useApiForm<KeyTerms>>, 'getInputProps'>;
}

export function ExpiryInput({ form }: TermInputProps) {
  const { keys: words } = useDeskWords();
  return (
    <Select
      label={words.expires}
      data={KEY_DAYS.map((value) => ({ value, label: words.days[value] }))}
      allowDeselect={false}
      {...form.getInputProps('expiresAt')}
    />
  );
}

export function NetworksInput({ form }: TermInputProps) {
  const { keys: words } = useDeskWords();
  const { common } = useWords();
  return (
    <TextInput
      label={`${words.networks} (${common.optional})`}
      description={words.networksHint}
      placeholder="192.0.2.0/24"
      autoComplete="off"
      {...form.getInputProps('networks')}
    />
  );
}

/** These terms as the API takes them. */
export function termsOf({ expiresAt: days, networks: text }: KeyTerms) {
  const networks = splitList(text);
  return {
    ...(days === 'never' ? {} : { expiresAt: new Date(Date.now() + Number(days) * 86_400_000).toISOString() }),
    ...(networks.length > 0 ? { networks } : {}),
  };
}
