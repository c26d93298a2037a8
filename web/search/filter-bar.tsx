import { Checkbox, Group, NativeSelect, Pill } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queuesQuery } from '../queues/queues-query.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { type PageSearch, reaches, searchStates } from './search-filters.ts';

interface FilterBarProps {
  readonly search: PageSearch;
  /** Sets parameters of the page's address; an empty text removes one. */
  readonly onChange: (change: Readonly<Record<string, string>>) => void;
}

/** Narrows the search; what narrows it now is shown as tokens, which can be removed. */
export function FilterBar({ search, onChange }: FilterBarProps) {
  const { queues: queueWords } = useWords();
  const { search: words } = useDeskWords();
  const { data: queues = [] } = useQuery(queuesQuery);
  const { queue, state, time, hasAttachments, isOwn, order } = search;
  const { states } = queueWords;
  const tokens = [
    queue !== undefined && { name: 'queue', label: queues.find(({ id }) => id === queue)?.name ?? words.queue },
    state !== undefined && { name: 'state', label: states[state] },
    time !== undefined && { name: 'time', label: words.times[time] },
    hasAttachments && { name: 'attachments', label: words.withAttachments },
    isOwn && { name: 'own', label: words.own },
  ].filter((token) => token !== false);
  return (
    <>
      <Group className="search-filters" gap="xs" role="group" aria-label={words.filters}>
        <NativeSelect
          size="xs"
          aria-label={words.queue}
          value={queue ?? ''}
          onChange={({ currentTarget }) => onChange({ queue: currentTarget.value })}
          data={[{ value: '', label: words.anyQueue }, ...queues.map(({ id, name }) => ({ value: id, label: name }))]}
        />
        <NativeSelect
          size="xs"
          aria-label={words.state}
          value={state ?? ''}
          onChange={({ currentTarget }) => onChange({ state: currentTarget.value })}
          data={[
            { value: '', label: words.anyState },
            ...searchStates.map((value) => ({ value, label: states[value] })),
          ]}
        />
        <NativeSelect
          size="xs"
          aria-label={words.time}
          value={time ?? ''}
          onChange={({ currentTarget }) => onChange({ time: currentTarget.value })}
          data={[
            { value: '', label: words.anyTime },
            ...reaches.map((value) => ({ value, label: words.times[value] })),
          ]}
        />
        <NativeSelect
          size="xs"
          aria-label={words.order}
          value={order}
          onChange={({ currentTarget }) => onChange({ order: currentTarget.value === 'newest' ? 'newest' : '' })}
          data={(['relevance', 'newest'] as const).map((value) => ({ value, label: words.orders[value] }))}
        />
        <Checkbox
          size="xs"
          label={words.withAttachments}
          checked={hasAttachments}
          onChange={({ currentTarget }) => onChange({ attachments: currentTarget.checked ? 'yes' : '' })}
        />
        <Checkbox
          size="xs"
          label={words.own}
          checked={isOwn}
          onChange={({ currentTarget }) => onChange({ own: currentTarget.checked ? 'yes' : '' })}
        />
      </Group>
      {tokens.length > 0 && (
        <Pill.Group>
          {tokens.map(({ name, label }) => (
            <Pill
              key={name}
              withRemoveButton
              onRemove={() => onChange({ [name]: '' })}
              removeButtonProps={{ 'aria-label': words.removeFilter(label), 'aria-hidden': false, tabIndex: 0 }}
            >
              {label}
            </Pill>
          ))}
        </Pill.Group>
      )}
    </>
  );
}
