import { Checkbox } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { AddressInput } from '../parts/address-input.tsx';
import { useWords } from '../shell/languages.tsx';
import type { EnteredMailbox } from './entered-mailbox.ts';
import { SignerInput } from './signer-input.tsx';

interface MailboxInputsProps {
  readonly form: Pick<UseFormReturnType<EnteredMailbox>, 'values' | 'getInputProps'>;
  /** The default for who signs in. */
  readonly signer?: string;
  readonly addressHint: string;
}

/** The mailbox, and who signs in to it. */
export function MailboxInputs({ form, signer, addressHint }: MailboxInputsProps) {
  const { adding: words } = useWords();
  return (
    <>
      <AddressInput label={words.address} description={addressHint} {...form.getInputProps('address')} data-autofocus />
      <Checkbox
        label={words.shared}
        description={words.sharedHint}
        {...form.getInputProps('isShared', { type: 'checkbox' })}
      />
      {form.values.isShared && <SignerInput form={form} {...(signer !== undefined && { signer })} />}
    </>
  );
}
