import { Button, Checkbox, Group, NativeSelect, SegmentedControl, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams, useSearchParams } from 'react-router';
import { api, type Schemas, take } from '../api/client.ts';
import { isKind } from '../api/problem-error.ts';
import { Age } from '../parts/age.tsx';
import { BackLink, useCameFrom } from '../parts/back-link.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Icon } from '../parts/icon.tsx';
import { MissingPage } from '../parts/missing-page.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { shownSubject } from '../parts/shown-subject.ts';
import { TableScroll } from '../parts/table-scroll.tsx';
import { TableSkeleton } from '../parts/table-skeleton.tsx';
import { UnloadedPage } from '../parts/unloaded-page.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { Guarded } from '../shell/guarded.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { askAgainEvery } from '../shell/live-changes.ts';
import { useMay } from '../shell/session.ts';
import { useShortcuts } from '../shell/shortcuts.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { DueMark } from './due-mark.tsx';
import { ItemLink } from './item-link.tsx';
import { ItemState } from './item-state.tsx';
import { QUEUES, queueQuery } from './queues-query.ts';
import { useClaimNext } from './use-claim-next.tsx';
import { useRowKeys } from './use-row-keys.ts';
import { type Selection, useSelection } from './use-selection.ts';

const states = ['waiting', 'claimed', 'parked', 'completed', 'all'] as const;
type State = (typeof states)[number];

const senders = ['both', 'people', 'programs'] as const;
/** By whose mail is shown; both: no filter. */
const automaticOf = { both: undefined, people: 'false', programs: 'true' } as const;

/** The items of one queue. */
export function QueuePage() {
  const { id = '' } = useParams();
  return (
    <Guarded permission="items.read">
      <QueueItems key={id} id={id} />
    </Guarded>
  );
}

function QueueItems({ id }: { readonly id: string }) {
  const { queues: words, common, locale } = useWords();
  const { work, offers } = useDeskWords();
  const mayWork = useMay('items.work');
  const isNarrow = useIsNarrow();
  const [params, setParams] = useSearchParams();
  const state = states.find((known) => known === params.get('state')) ?? 'waiting';
  const sender = senders.find((known) => known === params.get('sender')) ?? 'both';
  const automatic = automaticOf[sender];
  const queue = useQuery(queueQuery(id));
  const items = useInfiniteQuery({
    queryKey: [...QUEUES, id, 'items', state, sender],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET('/api/v1/queues/{id}/items', {
          signal,
          params: {
            path: { id },
            query: { state, ...(automatic && { automatic }), ...(pageParam === '' ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: askAgainEvery(),
  });
  const shown = items.data?.pages.flatMap((page) => page.items);
  const selection = useSelection(shown?.map((item) => item.id));
  const claim = useClaimNext(id);
  useRowKeys();
  const isOnlyOffered = queue.data?.offers?.allowsClaims === false;
  useShortcuts([mayWork && !isOnlyOffered && { key: 'n', label: work.keys.next, run: () => claim.mutate() }]);
  const above = <BackLink to="/queues">{words.back}</BackLink>;
  if (isKind(queue.error, 'not-found') || isKind(queue.error, 'malformed-request')) {
    return (
      <MissingPage title={common.notFound} action={above}>
        {common.notFoundWhat}
      </MissingPage>
    );
  }
  const readAll = () => void Promise.all([queue.refetch(), items.refetch()]);
  if (queue.error && !queue.data) return <UnloadedPage above={above} error={queue.error} onRetry={readAll} />;
  /** Completed items are not counted: they accumulate for years. */
  const counts = (['waiting', 'claimed', 'parked'] as const).map((value) => ({
    value,
    count: queue.data?.[value].toLocaleString(locale),
  }));
  function tabLabel(value: State): string {
    const count = isNarrow ? undefined : counts.find((counted) => counted.value === value)?.count;
    return count === undefined ? words.states[value] : `${words.states[value]} (${count})`;
  }
  function show(changed: { readonly state?: State; readonly sender?: (typeof senders)[number] }): void {
    const next = { state, sender, ...changed };
    const kept = {
      ...(next.state !== 'waiting' && { state: next.state }),
      ...(next.sender !== 'both' && { sender: next.sender }),
    };
    setParams(kept, { replace: true });
  }
  function showState(chosen: State): void {
    selection.clear();
    show({ state: chosen });
  }
  const error = !shown && items.error;
  return (
    <Stack gap="md">
      {queue.data ? (
        <PageHeader
          above={above}
          title={queue.data.name}
          lead={[queue.data.description, isOnlyOffered && offers.onlyOffered].filter(Boolean).join(' ') || undefined}
          actions={
            mayWork &&
            !isOnlyOffered && (
              <Button onClick={() => claim.mutate()} loading={claim.isPending}>
                {words.claimNext}
              </Button>
            )
          }
          problem={<RequestNotice request={claim} />}
        />
      ) : (
        <>
          <h1 className="visually-hidden">{common.loading}</h1>
          {/* In a narrow window with the button below the title. */}
          <Skeleton height={isNarrow ? 104 : 60} width={240} />
        </>
      )}
      {error && <ProblemNotice error={error} onRetry={readAll} />}
      <Group>
        {isNarrow ? (
          <NativeSelect
            size="xs"
            aria-label={words.state}
            value={state}
            onChange={({ currentTarget }) => showState(currentTarget.value as State)}
            data={states.map((value) => ({ value, label: tabLabel(value) }))}
          />
        ) : (
          <SegmentedControl
            size="xs"
            aria-label={words.state}
            value={state}
            onChange={(value) => showState(value as State)}
            data={states.map((value) => ({ value, label: tabLabel(value) }))}
          />
        )}
        <NativeSelect
          size="xs"
          aria-label={work.automaticFilter}
          value={sender}
          onChange={(event) => show({ sender: event.currentTarget.value as (typeof senders)[number] })}
          data={senders.map((value) => ({ value, label: work.automaticChoices[value] }))}
        />
      </Group>
      {isNarrow && (
        <Text size="sm" c="dimmed">
          {/* The line is there before its words, so that the list does not move. */}
          {queue.data ? counts.map(({ value, count }) => `${words.states[value]}: ${count}`).join(', ') : '\u00a0'}
        </Text>
      )}
      <TableScroll className="panel">
        {!shown && !error && <TableSkeleton />}
        {shown?.length === 0 && <EmptyState title={words.none[state].title}>{words.none[state].what}</EmptyState>}
        {shown !== undefined && shown.length > 0 && (
          <ItemsTable
            items={shown}
            showsState={state !== 'waiting' && state !== 'completed'}
            {...(mayWork && { selection })}
          />
        )}
      </TableScroll>
      {state === 'waiting' && queue.data && (
        <Text size="xs" c="dimmed">
          {queue.data.target === null ? work.order.byAge : work.order.byDue}
        </Text>
      )}
      {items.hasNextPage && (
        <Group justify="center">
          <Button variant="default" onClick={() => void items.fetchNextPage()} loading={items.isFetchingNextPage}>
            {common.more}
          </Button>
        </Group>
      )}
      {queue.data && shown && (
        <BulkBar key={`${state}-${sender}`} queue={queue.data} items={shown} selection={selection} />
      )}
    </Stack>
  );
}

interface ItemsTableProps {
  readonly items: readonly Schemas['Item'][];
  /** False where all have the same state, as named by the tab above. */
  readonly showsState: boolean;
  /** Undefined: nothing can be selected. */
  readonly selection?: Selection;
}

function ItemsTable({ items, showsState, selection }: ItemsTableProps) {
  const { queues: words } = useWords();
  const { work } = useDeskWords();
  useShortcuts([selection && { key: 'x', label: work.keys.select, run: selection.toggleFocused }]);
  const ids = items.map(({ id }) => id);
  const cameFrom = useCameFrom();
  const isNarrow = useIsNarrow();
  return (
    <Table highlightOnHover aria-label={words.items}>
      <Table.Thead>
        <Table.Tr>
          {selection && (
            <Table.Th w={36}>
              <Checkbox
                size="xs"
                aria-label={work.selectAll}
                checked={ids.every((id) => selection.ids.has(id))}
                indeterminate={selection.ids.size > 0 && !ids.every((id) => selection.ids.has(id))}
                onChange={(event) => selection.set(event.currentTarget.checked ? ids : [])}
              />
            </Table.Th>
          )}
          <Table.Th>{words.subject}</Table.Th>
          {!isNarrow && (
            <>
              <Table.Th className="drops-first">{words.from}</Table.Th>
              <Table.Th className="drops-first">{words.mailbox}</Table.Th>
              <Table.Th>{words.received}</Table.Th>
              {showsState && <Table.Th>{words.state}</Table.Th>}
            </>
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => (
          <Table.Tr key={item.id} data-item={item.id}>
            {selection && (
              <Table.Td>
                <Checkbox
                  size="xs"
                  aria-label={work.select(shownSubject(item.subject, words.noSubject))}
                  checked={selection.ids.has(item.id)}
                  onChange={() => selection.toggle(item.id)}
                />
              </Table.Td>
            )}
            <Table.Td className="subject">
              <Text size="sm" truncate component="div">
                <ItemLink item={item} cameFrom={cameFrom} />
                {item.hasAttachments && (
                  <Text span c="dimmed" ml={6} title={words.hasAttachments}>
                    <Icon name="clip" size={13} />
                    <span className="visually-hidden">{words.hasAttachments}</span>
                  </Text>
                )}
              </Text>
              <DueMark item={item} />
              {!isNarrow && (
                <Text size="xs" c="dimmed" truncate className="only-compact">
                  <Sender item={item} /> · {item.account.address}
                </Text>
              )}
              {isNarrow && (
                <>
                  <Text size="xs" c="dimmed" truncate>
                    <Sender item={item} />, <Age time={item.receivedAt} />
                  </Text>
                  {(showsState || item.assignee !== null) && (
                    <Text size="xs" component="div">
                      <ItemState item={item} />
                    </Text>
                  )}
                </>
              )}
            </Table.Td>
            {!isNarrow && (
              <>
                <Table.Td maw={180} className="drops-first">
                  <Text size="sm" truncate>
                    <Sender item={item} />
                  </Text>
                </Table.Td>
                <Table.Td maw={260} className="drops-first">
                  <Text size="sm" truncate title={item.account.address}>
                    {item.account.address}
                  </Text>
                </Table.Td>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  <Age time={item.receivedAt} />
                </Table.Td>
                {showsState && (
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>
                    <ItemState item={item} />
                  </Table.Td>
                )}
              </>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Sender({ item: { from } }: { readonly item: Schemas['Item'] }) {
  const { queues: words } = useWords();
  return <bdi>{from?.name ?? from?.address ?? words.noSender}</bdi>;
}
