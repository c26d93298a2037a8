import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../api/client.ts';
import type { paths } from '../api/schema.ts';
import { DateInput } from '../parts/date-input.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Icon } from '../parts/icon.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { UnloadedTable } from '../parts/unloaded-table.tsx';
import { DownloadNotice, useDownload } from '../parts/use-download.tsx';
import { Guarded } from '../shell/guarded.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { EntriesTable } from './entries-table.tsx';

/** Admin > Audit: who did or saw what. */
export function AuditPage() {
  return (
    <Guarded permission="audit.read">
      <Audit />
    </Guarded>
  );
}

type Filter = Omit<NonNullable<paths['/api/v1/audit']['get']['parameters']['query']>, 'cursor' | 'pageSize'>;

function Audit() {
  const { audit: words } = useDeskWords();
  const { common } = useWords();
  const [filter, setFilter] = useState<Filter>({});
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET('/api/v1/audit', {
          signal,
          params: { query: { ...filter, ...(pageParam === '' ? {} : { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const entries = data?.pages.flatMap((page) => page.entries);
  const exported = new URLSearchParams(filter as Record<string, string>).toString();
  const csv = useDownload(`/api/v1/audit.csv?${exported}`);
  const jsonl = useDownload(`/api/v1/audit.jsonl?${exported}`);
  const actions = (
    <>
      <Button component="a" variant="default" leftSection={<Icon name="download" />} {...csv.link}>
        {words.csv}
      </Button>
      <Button component="a" variant="default" leftSection={<Icon name="download" />} {...jsonl.link}>
        {words.jsonl}
      </Button>
    </>
  );
  return (
    <Stack gap="md">
      <PageHeader title={words.title} lead={words.lead} actions={actions} />
      <DownloadNotice download={csv} />
      <DownloadNotice download={jsonl} />
      <FilterForm onShow={setFilter} />
      <UnloadedTable isLoaded={entries !== undefined} error={error} onRetry={() => void refetch()} rows={10} />
      {entries?.length === 0 && <EmptyState title={words.none}>{words.noneWhat}</EmptyState>}
      {entries && entries.length > 0 && <EntriesTable entries={entries} />}
      {hasNextPage && (
        <Group justify="center">
          <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
            {common.more}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

const kinds = ['access', 'reading', 'work', 'answers', 'administration', 'operations'] as const;
const outcomes = ['done', 'unchanged', 'refused', 'failed'] as const;

function FilterForm({ onShow }: { readonly onShow: (filter: Filter) => void }) {
  const { audit: words } = useDeskWords();
  const form = useForm({
    name: 'audit',
    initialValues: { kind: '', outcome: '', actor: '', object: '', address: '', from: '', before: '' },
  });
  return (
    <form
      className="panel panel-body"
      onSubmit={form.onSubmit(({ from, before, ...exact }) =>
        onShow({
          ...(Object.fromEntries(Object.entries(exact).filter(([, value]) => value.trim() !== '')) as Filter),
          ...(from !== '' && { from: new Date(from).toISOString() }),
          ...(before !== '' && { before: new Date(before).toISOString() }),
        }),
      )}
    >
      <div className="filters">
        <NativeSelect
          label={words.kind}
          data={[{ value: '', label: words.anyKind }, ...kinds.map((value) => ({ value, label: words.kinds[value] }))]}
          {...form.getInputProps('kind')}
        />
        <NativeSelect
          label={words.outcome}
          data={[
            { value: '', label: words.anyOutcome },
            ...outcomes.map((value) => ({ value, label: words.outcomes[value] })),
          ]}
          {...form.getInputProps('outcome')}
        />
        <TextInput label={words.who} placeholder={words.whoHint} maxLength={320} {...form.getInputProps('actor')} />
        <TextInput
          label={words.object}
          placeholder={words.objectHint}
          maxLength={320}
          {...form.getInputProps('object')}
        />
        <TextInput
          label={words.address}
          placeholder={words.addressHint}
          maxLength={320}
          {...form.getInputProps('address')}
        />
        <DateInput type="datetime-local" label={words.from} {...form.getInputProps('from')} />
        <DateInput type="datetime-local" label={words.before} {...form.getInputProps('before')} />
        <Button type="submit">{words.show}</Button>
      </div>
    </form>
  );
}
