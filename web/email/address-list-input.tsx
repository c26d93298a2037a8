import { Textarea } from '@mantine/core';

interface AddressListInputProps {
  readonly label: string;
  readonly description: string;
  readonly placeholder?: string;
  /** What the person has entered; undefined: nothing, so that what is stored is shown. */
  readonly entered: string | undefined;
  /** Undefined: not loaded. */
  readonly stored: readonly string[] | undefined;
  readonly mayChange: boolean;
  readonly onChange: (entered: string) => void;
}

/** A stored list of addresses, one a line. */
export function AddressListInput({ entered, stored, mayChange, onChange, ...words }: AddressListInputProps) {
  return (
    <Textarea
      {...words}
      value={entered ?? stored?.join('\n') ?? ''}
      onChange={(event) => onChange(event.currentTarget.value)}
      readOnly={!mayChange || stored === undefined}
      autosize
      minRows={2}
      maxRows={10}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
