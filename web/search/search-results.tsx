import { Group, Stack, Text } from '@mantine/core';
import { type KeyboardEvent, useRef } from 'react';
import { Link } from 'react-router';
import { showsNothing } from '../../domain/words/invisible-text.ts';
import type { Schemas } from '../api/client.ts';
import { Age } from '../parts/age.tsx';
import { useCameFrom } from '../parts/back-link.tsx';
import { Icon } from '../parts/icon.tsx';
import { ItemState } from '../queues/item-state.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { MarkedText } from './marked-text.tsx';

/** Found messages; the arrow keys move between them. */
export function SearchResults({ results }: { readonly results: readonly Schemas['SearchResult'][] }) {
  const { search: words } = useDeskWords();
  const list = useRef<HTMLUListElement>(null);
  function move(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = Array.from(list.current?.querySelectorAll<HTMLAnchorElement>('a.row-link') ?? []);
    const next = step && links[links.indexOf(document.activeElement as HTMLAnchorElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
  return (
    <ul className="search-results" ref={list} onKeyDown={move} aria-label={words.results}>
      {results.map((result) => (
        <li key={result.item.id} className="search-result">
          <Result {...result} />
        </li>
      ))}
    </ul>
  );
}

function Result({ item, subject, excerpt, fileNames }: Schemas['SearchResult']) {
  const { queues: words } = useWords();
  const cameFrom = useCameFrom();
  return (
    <Stack gap={2}>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Text size="sm" fw={550} truncate component="div">
          <Link className="row-link" to={`/items/${item.id}`} state={cameFrom}>
            <bdi>{showsNothing(item.subject) ? words.noSubject : <MarkedText parts={subject} />}</bdi>
          </Link>
        </Text>
        <Text size="xs" c="dimmed" style={{ flex: 'none' }}>
          <Age time={item.receivedAt} />
        </Text>
      </Group>
      <Text size="xs" c="dimmed" truncate component="div">
        <bdi>{item.from?.name ?? item.from?.address ?? words.noSender}</bdi>
        {' · '}
        <bdi>{item.queue?.name ?? words.states.unqueued}</bdi>
        <span className="search-state">
          <ItemState item={item} />
        </span>
      </Text>
      <Text size="sm" lineClamp={2} component="div" style={{ overflowWrap: 'anywhere' }}>
        <bdi>
          <MarkedText parts={excerpt} />
        </bdi>
      </Text>
      {fileNames.map((parts) => (
        <Text size="xs" component="div" key={parts.map(({ text }) => text).join('')} truncate>
          <Icon name="clip" size={12} /> <bdi>{<MarkedText parts={parts} />}</bdi>
        </Text>
      ))}
    </Stack>
  );
}
