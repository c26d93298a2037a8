import { Pill, TagsInput } from '@mantine/core';
import { type ReactNode, type Ref, useState } from 'react';
import { isAddress, parseRecipients, type Recipient, recipientText } from '../parts/parse-recipients.ts';

interface RecipientsInputProps {
  readonly ref?: Ref<HTMLInputElement>;
  readonly label: string;
  readonly value: readonly Recipient[];
  readonly onChange: (recipients: readonly Recipient[]) => void;
  /** Offered while typing: who takes part in the conversation. */
  readonly known: readonly Recipient[];
  readonly error?: ReactNode;
  readonly removeLabel: (who: string) => string;
  /** At the end of the field. */
  readonly beside?: ReactNode;
}

/** Recipients as tokens: typed, chosen or pasted as mail programs copy them. What is no address is marked. */
export function RecipientsInput(props: RecipientsInputProps) {
  const { ref, label, value, onChange, known, error, removeLabel, beside } = props;
  const [typed, setTyped] = useState('');
  const shown = value.map(recipientText);
  const add = (text: string) => {
    onChange(withoutRepeated([...value, ...parseRecipients(text)]));
    setTyped('');
  };
  return (
    <TagsInput
      ref={ref}
      label={label}
      value={shown}
      onChange={(texts) => {
        // Those that stay are the same objects: a text does not have to be read again.
        const kept = texts.map((text) => value[shown.indexOf(text)] ?? parseRecipients(text));
        onChange(withoutRepeated(kept.flat()));
      }}
      searchValue={typed}
      onSearchChange={setTyped}
      splitChars={[';', '\n', '\t']}
      data={known.map(recipientText).filter((text) => !shown.includes(text))}
      onKeyDown={(event) => {
        if (event.key !== ',' || !isAddress(parseRecipients(typed)[0]?.address ?? '')) return;
        event.preventDefault();
        add(typed);
      }}
      onPaste={(event) => {
        const pasted = event.clipboardData.getData('text');
        if (!/[;,<\s]/.test(pasted.trim())) return;
        event.preventDefault();
        add(`${typed}${pasted}`);
      }}
      renderPill={({ value: text, onRemove, disabled }) => (
        <Pill
          withRemoveButton
          onRemove={() => onRemove?.()}
          disabled={disabled ?? false}
          removeButtonProps={{ 'aria-label': removeLabel(String(text)) }}
          className="recipient"
          data-invalid={!isAddress(parseRecipients(String(text))[0]?.address ?? '')}
        >
          {text}
        </Pill>
      )}
      error={error}
      rightSection={beside}
      rightSectionWidth={beside === undefined ? 0 : 84}
      rightSectionPointerEvents="auto"
      type="text"
      autoComplete="off"
      spellCheck={false}
    />
  );
}

function withoutRepeated(recipients: readonly Recipient[]): readonly Recipient[] {
  const found = new Map<string, Recipient>();
  for (const recipient of recipients) {
    const key = recipient.address.toLowerCase();
    if (!found.has(key)) found.set(key, recipient);
  }
  return [...found.values()];
}
