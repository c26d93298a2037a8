import { TextInput, type TextInputProps } from '@mantine/core';
import type { ClipboardEvent } from 'react';
import { addressOfCopied } from './parse-recipients.ts';

interface AddressInputProps extends Omit<TextInputProps, 'type' | 'onChange' | 'onPaste'> {
  /** As `getInputProps` of a form gives it. */
  readonly onChange?: (eventOrAddress: unknown) => void;
}

/** An e-mail address. Of what mail programs copy, such as `Anna Doe <anna@…>` or `mailto:anna@…`, the address is taken. */
export function AddressInput({ onChange, ...props }: AddressInputProps) {
  function paste(event: ClipboardEvent<HTMLInputElement>): void {
    const address = addressOfCopied(event.clipboardData.getData('text'));
    if (address === undefined) return;
    event.preventDefault();
    onChange?.(address);
  }
  return (
    <TextInput
      {...props}
      type="email"
      required
      autoComplete="off"
      spellCheck={false}
      onChange={onChange}
      onPaste={paste}
    />
  );
}
