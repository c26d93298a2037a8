import { CloseButton, Pill, TagsInput } from '@mantine/core';
import { useCallbackRef } from '@mantine/hooks';
import { memo, type ReactNode, type Ref, useState } from 'react';
import { isAddress, parseRecipients, type Recipient, recipientText } from '../parts/parse-recipients.ts';

export type RecipientKind = 'to' | 'cc' | 'bcc';

interface RecipientsInputProps {
  readonly ref?: Ref<HTMLInputElement> | undefined;
  readonly kind: RecipientKind;
  readonly label: string;
  readonly value: readonly Recipient[];
  readonly onChange: (change: { readonly [kind in RecipientKind]?: readonly Recipient[] }) => void;
  /** Offered while typing: who takes part in the conversation. */
  readonly known: readonly Recipient[];
  readonly error?: ReactNode;
  readonly removeLabel: (who: string) => string;
  /** At the end of the field. */
  readonly beside?: ReactNode;
}

/**
 * Recipients as tokens: typed, chosen or pasted as mail programs copy them. What is no address is marked. Hundreds of
 * tokens are drawn again only where something of them has changed, so that every key is answered at once.
 */
export const RecipientsInput = memo(function RecipientsInput(props: RecipientsInputProps) {
  const { ref, kind, label, value, onChange, known, error, removeLabel, beside } = props;
  const [typed, setTyped] = useState('');
  const shown = value.map(recipientText);
  const set = (recipients: readonly Recipient[]) => onChange({ [kind]: withoutRepeated(recipients) });
  const add = (text: string) => {
    set([...value, ...parseRecipients(text)]);
    setTyped('');
  };
  const remove = useCallbackRef((text: string) => set(value.filter((_, index) => shown[index] !== text)));
  return (
    <TagsInput
      ref={ref}
      label={label}
      value={shown}
      onChange={(texts) => {
        // Those that stay are the same objects: a text does not have to be read again.
        const kept = texts.map((text) => value[shown.indexOf(text)] ?? parseRecipients(text));
        set(kept.flat());
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
      renderPill={({ value: text, disabled }) => (
        <RecipientPill
          text={String(text)}
          onRemove={remove}
          isDisabled={disabled ?? false}
          removeLabel={removeLabel(String(text))}
        />
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
});

interface RecipientPillProps {
  readonly text: string;
  readonly onRemove: (text: string) => void;
  readonly isDisabled: boolean;
  readonly removeLabel: string;
}

/** Looks like Mantine's pill, which is drawn again with every change of the field around it, and takes a tenth of a millisecond. */
const RecipientPill = memo(function RecipientPill({ text, onRemove, isDisabled, removeLabel }: RecipientPillProps) {
  const { root, label, remove, 'root--default': coloured } = Pill.classes;
  return (
    <span
      className={`recipient ${root} ${coloured}`}
      data-with-remove={!isDisabled || undefined}
      data-disabled={isDisabled || undefined}
      data-invalid={!isAddress(parseRecipients(text)[0]?.address ?? '')}
    >
      <span className={label}>{text}</span>
      <CloseButton
        className={remove ?? ''}
        variant="transparent"
        tabIndex={-1}
        aria-label={removeLabel}
        disabled={isDisabled}
        onMouseDown={(event) => {
          event.preventDefault();
          event.stopPropagation();
        }}
        onClick={(event) => {
          event.stopPropagation();
          onRemove(text);
        }}
      />
    </span>
  );
});

function withoutRepeated(recipients: readonly Recipient[]): readonly Recipient[] {
  const found = new Map<string, Recipient>();
  for (const recipient of recipients) {
    const key = recipient.address.toLowerCase();
    if (!found.has(key)) found.set(key, recipient);
  }
  return [...found.values()];
}
