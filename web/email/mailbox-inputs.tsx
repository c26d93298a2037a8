import { Checkbox, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../shell/languages.tsx';
import { SignerInput } from './signer-input.tsx';

/** A mailbox as it is entered. */
export interface EnteredMailbox {
  readonly address: string;
  readonly isShared: boolean;
  /** Who signs in, where it is shared. */
  readonly signer: string;
}

interface MailboxInputsProps {
  readonly value: EnteredMailbox;
  readonly onChange: (changes: Partial<EnteredMailbox>) => void;
  readonly addressHint: string;
  /** Of a field: its name in the form, and what is wrong with it. */
  readonly field: (path: string) => { readonly name: string; readonly error: ReactNode };
}

/** Which mailbox it is, and who signs in for it. */
export function MailboxInputs({ value, onChange, addressHint, field }: MailboxInputsProps) {
  const { adding: words } = useWords();
  return (
    <>
      <TextInput
        label={words.address}
        description={addressHint}
        type="email"
        required
        value={value.address}
        onChange={(event) => onChange({ address: event.currentTarget.value })}
        {...field('/address')}
        data-autofocus
        autoComplete="off"
        spellCheck={false}
      />
      <Checkbox
        label={words.shared}
        description={words.sharedHint}
        checked={value.isShared}
        onChange={(event) => onChange({ isShared: event.currentTarget.checked })}
      />
      {value.isShared && (
        <SignerInput value={value.signer} onChange={(signer) => onChange({ signer })} field={field('/signInAs')} />
      )}
    </>
  );
}
