import { Combobox, ScrollArea, Text, TextInput, useCombobox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Schemas } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { cannedQuery } from './answers-query.ts';
import { wordsOfHtml } from './words-of-html.ts';

type Canned = Schemas['CannedAnswer'];

interface CannedPickerProps {
  readonly itemId: string;
  readonly onChoose: (canned: Canned) => void;
  readonly onClose: () => void;
}

/** Searches the canned answers by all words of their names and texts; Enter inserts the marked one. */
export function CannedPicker({ itemId, onChoose, onClose }: CannedPickerProps) {
  const { answers: words } = useDeskWords();
  const [searched, setSearched] = useState('');
  const { data, error, refetch } = useQuery(cannedQuery(itemId));
  const combobox = useCombobox({ opened: true });
  const found = (data ?? []).filter((canned) => matches(canned, searched));
  const first = found[0]?.id;
  /** Enter came before the answers did. */
  const isEarly = useRef(false);
  // Enter inserts the best one, as soon as it is known.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the marked option follows what is found.
  useEffect(() => {
    if (first !== undefined) combobox.selectFirstOption();
    if (isEarly.current && found[0]) onChoose(found[0]);
  }, [first, searched]);
  return (
    <Dialog title={words.canned} onClose={onClose}>
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      <Combobox
        store={combobox}
        onOptionSubmit={(id) => {
          const chosen = found.find((canned) => canned.id === id);
          if (chosen) onChoose(chosen);
        }}
      >
        <Combobox.EventsTarget withExpandedAttribute>
          <TextInput
            data-autofocus
            role="combobox"
            aria-label={words.searchCanned}
            placeholder={words.searchCanned}
            value={searched}
            onChange={(event) => setSearched(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !data) isEarly.current = true;
            }}
          />
        </Combobox.EventsTarget>
        <Combobox.Options aria-label={words.canned} mt="xs">
          <ScrollArea.Autosize mah="50dvh" type="auto">
            {found.map((canned) => (
              <Combobox.Option key={canned.id} value={canned.id}>
                <Text size="sm" fw={500}>
                  {canned.name}
                </Text>
                <Text size="xs" lineClamp={2}>
                  {wordsOfHtml(canned.filled?.html ?? canned.html)}
                </Text>
              </Combobox.Option>
            ))}
            {data && found.length === 0 && (
              <Combobox.Empty>{data.length === 0 ? words.noCannedYet : words.noCanned}</Combobox.Empty>
            )}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox>
    </Dialog>
  );
}

function matches({ name, html }: Canned, searched: string): boolean {
  const text = `${name} ${wordsOfHtml(html)}`.toLowerCase();
  return searched
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
