import { TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useWords } from '../shell/languages.tsx';
import type { EnteredMailbox } from './entered-mailbox.ts';

interface SignerInputProps {
  readonly form: Pick<UseFormReturnType<EnteredMailbox>, 'values' | 'getInputProps'>;
  /** The default for who signs in. */
  readonly signer?: string;
}

/** The input for who signs in to a shared mailbox. */
export function SignerInput({ form, signer = '' }: SignerInputProps) {
  const { adding: words } = useWords();
  return (
    <TextInput
      label={words.signInAs}
      description={words.signInAsHint}
      type="email"
      required
      {...form.getInputProps('signInAs')}
      value={form.values.signInAs ?? signer}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
