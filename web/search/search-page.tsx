import './search.css';
import { Button, CloseButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, take } from '../api/client.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { Icon } from '../parts/icon.tsx';
import { formatMoment } from '../parts/moment.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TableSkeleton } from '../parts/table-skeleton.tsx';
import { useOwnActor } from '../queues/item-lease.tsx';
import { Guarded } from '../shell/guarded.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { FilterBar } from './filter-bar.tsx';
import { isEmptySearch, LONGEST_QUESTION, readSearch, searchQuery } from './search-filters.ts';
import { SearchResults } from './search-results.tsx';

/** Pauses between letters are shorter; a search for each letter would come late. */
const TYPING_MS = 200;
/** As many as the API ranks (database/search/search-messages.ts). */
const RANKED = 300;

/** Searches all messages. The search is in the address, so that it can be shared, and is there again on the way back. */
export function SearchPage() {
  return (
    <Guarded permission="items.read">
      <Search />
    </Guarded>
  );
}

function Search() {
  const { common, locale } = useWords();
  const { search: words } = useDeskWords();
  const [params, setParams] = useSearchParams();
  const search = readSearch(params);
  const actor = useOwnActor();
  const isEmpty = isEmptySearch(search);
  const found = useInfiniteQuery({
    queryKey: ['search', search, actor],
    queryFn: ({ pageParam, signal }) => {
      const query = searchQuery(search, actor, Date.now());
      return take(
        api.GET('/api/v1/search', {
          signal,
          params: { query: { ...query, ...(pageParam === '' ? {} : { cursor: pageParam }) } },
        }),
      );
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    enabled: !isEmpty,
    placeholderData: keepPreviousData,
  });
  function change(entries: Readonly<Record<string, string>>) {
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(entries)) {
          if (value === '') after.delete(name);
          else after.set(name, value);
        }
        return after;
      },
      { replace: true },
    );
  }
  const pages = isEmpty ? undefined : found.data?.pages;
  const results = pages?.flatMap((page) => page.results);
  const first = pages?.[0];
  const searchedTo = pages?.at(-1)?.searchedTo ?? null;
  const { fetchNextPage } = found;
  // A part of the mail without results is no end: the search goes on until it has one.
  const isSearchingOn = results?.length === 0 && found.hasNextPage && !found.error;
  const goesOn = isSearchingOn && !found.isFetching;
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);
  return (
    <Stack gap="md">
      <PageHeader title={words.title} />
      <SearchField value={search.q} onChange={(q) => change({ q })} />
      <FilterBar search={search} onChange={change} />
      {found.error && !isEmpty && <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />}
      <Text size="sm" c="dimmed" role="status">
        {/* A line from the beginning, so that the results do not move. */}
        {results ? words.found(results.length, found.hasNextPage) : '\u00a0'}
      </Text>
      {first?.respelled && <Text size="sm">{words.respelled(search.q.trim(), first.respelled)}</Text>}
      {first !== undefined && first.notIndexed > 0 && (
        <Text size="sm" c="dimmed">
          {words.notIndexed(first.notIndexed)}
        </Text>
      )}
      {searchedTo !== null && (
        <Text size="sm" c="dimmed">
          {words.searchedTo(formatMoment(searchedTo, locale))}
        </Text>
      )}
      <div className="panel">
        {isEmpty && <EmptyState title={words.begin}>{words.beginWhat}</EmptyState>}
        {!isEmpty && !found.error && (!results || isSearchingOn) && <TableSkeleton />}
        {results?.length === 0 && !isSearchingOn && <EmptyState title={words.none}>{words.noneWhat}</EmptyState>}
        {results !== undefined && results.length > 0 && <SearchResults results={results} />}
      </div>
      {!isEmpty && found.hasNextPage && (
        <Group justify="center">
          <Button variant="default" onClick={() => void found.fetchNextPage()} loading={found.isFetchingNextPage}>
            {searchedTo === null ? common.more : words.searchOlder}
          </Button>
        </Group>
      )}
      {search.order === 'relevance' &&
        search.q.trim() !== '' &&
        results !== undefined &&
        results.length > 0 &&
        !found.hasNextPage &&
        results.length >= RANKED && (
          <Text size="sm" c="dimmed">
            {words.byRank}
          </Text>
        )}
    </Stack>
  );
}

interface SearchFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Searches while one types; Enter and the arrow lead to the first result. */
function SearchField({ value, onChange }: SearchFieldProps) {
  const { search: words } = useDeskWords();
  const [typed, setTyped] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const changeSoon = useDebouncedCallback(onChange, TYPING_MS);
  useEffect(() => input.current?.focus(), []);
  // The way back, or `/`, sets another search.
  useEffect(() => setTyped((before) => (before.trim() === value.trim() ? before : value)), [value]);
  function lead(event: KeyboardEvent) {
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
    event.preventDefault();
    document.querySelector<HTMLAnchorElement>('.search-results a.row-link')?.focus();
  }
  return (
    <TextInput
      ref={input}
      type="search"
      aria-label={words.field}
      placeholder={words.placeholder}
      description={words.hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={typed}
      maxLength={LONGEST_QUESTION}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        changeSoon(currentTarget.value);
      }}
      onKeyDown={lead}
      leftSection={<Icon name="search" />}
      rightSection={
        typed !== '' && (
          <CloseButton
            size="sm"
            aria-label={words.clear}
            onClick={() => {
              setTyped('');
              onChange('');
              input.current?.focus();
            }}
          />
        )
      }
    />
  );
}
