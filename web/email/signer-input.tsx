import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../shell/languages.tsx';

interface SignerInputProps {
  readonly value: string;
  readonly onChange: (address: string) => void;
  /** Its name in the form, and what is wrong with it. */
  readonly field: { readonly name: string; readonly error: ReactNode };
}

/** Who signs in for a shared mailbox. */
export function SignerInput({ value, onChange, field }: SignerInputProps) {
  const { adding: words } = useWords();
  return (
    <TextInput
      label={words.signInAs}
      description={words.signInAsHint}
      type="email"
      required
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...field}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
