import type { UseFormReturnType } from '@mantine/form';
import { AddressInput } from '../parts/address-input.tsx';
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
    <AddressInput
      label={words.signInAs}
      description={words.signInAsHint}
      {...form.getInputProps('signInAs')}
      value={form.values.signInAs ?? signer}
    />
  );
}
