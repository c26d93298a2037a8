import { Button, Group, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { ActionsHeader } from '../parts/actions-header.tsx';
import { Icon } from '../parts/icon.tsx';
import { Moment } from '../parts/moment.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { RemovalDialog } from '../parts/removal-dialog.tsx';
import { Section } from '../parts/section.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { ItemLink } from '../queues/item-link.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { holdsQuery } from './retention-query.ts';
import { type Target, TargetDialog } from './target-dialog.tsx';
import { useTargetWords } from './target-words.ts';

/** What must not be deleted. `itemId`: the mail that the page was opened for. */
export function Holds({ itemId }: { readonly itemId: string | undefined }) {
  const { retention: words } = useDeskWords();
  const [isPlacing, setPlacing] = useState(false);
  const [lifting, setLifting] = useState<Schemas['Hold']>();
  const { data, error, refetch } = useQuery(holdsQuery);
  return (
    <Section
      title={words.holds}
      what={words.holdsWhat}
      actions={
        <Button variant="default" leftSection={<Icon name="plus" />} onClick={() => setPlacing(true)}>
          {words.placeHold}
        </Button>
      }
    >
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <Text size="sm">{words.noHolds}</Text>}
      {data && data.length > 0 && <HoldsTable holds={data} onLift={setLifting} />}
      {isPlacing && (
        <TargetDialog
          title={words.placeHold}
          what={words.holdsWhat}
          action={words.placeHold}
          done={words.holdPlaced}
          scopes={
            itemId === undefined ? ['sender', 'account', 'everything'] : ['item', 'sender', 'account', 'everything']
          }
          send={(target) => take(api.POST('/api/v1/holds', { body: bodyOf(target, itemId) }))}
          listKey={holdsQuery.queryKey}
          onClose={() => setPlacing(false)}
        />
      )}
      {lifting && (
        <RemovalDialog
          title={words.liftTitle}
          what={words.liftWhat}
          action={words.lift}
          removed={words.lifted}
          remove={() => take(api.POST('/api/v1/holds/{id}/lift', { params: { path: { id: lifting.id } } }))}
          listKey={holdsQuery.queryKey}
          onClose={() => setLifting(undefined)}
        />
      )}
    </Section>
  );
}

function bodyOf({ scope, address, accountId, reason }: Target, itemId = ''): Schemas['NewHold'] {
  switch (scope) {
    case 'account':
      return { scope, accountId, reason };
    case 'sender':
      return { scope, address, reason };
    case 'item':
      return { scope, itemId, reason };
    case 'everything':
      return { scope, reason };
  }
}

interface HoldsTableProps {
  readonly holds: readonly Schemas['Hold'][];
  readonly onLift: (hold: Schemas['Hold']) => void;
}

function HoldsTable({ holds, onLift }: HoldsTableProps) {
  const { retention: words } = useDeskWords();
  const { queues } = useWords();
  const wordsOf = useTargetWords();
  const isNarrow = useIsNarrow();
  const stateOf = (hold: Schemas['Hold']) => (
    <StatusLabel tone={hold.liftedAt === null ? 'warn' : 'idle'}>
      {hold.liftedAt === null ? words.stands : words.isLifted}
    </StatusLabel>
  );
  const lift = (hold: Schemas['Hold']) =>
    hold.liftedAt === null && (
      <Button size="compact-sm" variant="default" onClick={() => onLift(hold)}>
        {words.lift}
      </Button>
    );
  return (
    <TableScroll className="panel">
      <Table aria-label={words.holds} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="100%">{words.what}</Table.Th>
            {!isNarrow && (
              <>
                <Table.Th>{queues.state}</Table.Th>
                <ActionsHeader />
              </>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {holds.map((hold) => (
            <Table.Tr key={hold.id}>
              <Table.Td className="name">
                {hold.itemId === null ? (
                  <Text size="sm" fw={500}>
                    {wordsOf(hold)}
                  </Text>
                ) : (
                  <ItemLink item={{ id: hold.itemId, subject: wordsOf(hold), contentDeletedAt: null }} />
                )}
                <Text size="sm">{hold.reason}</Text>
                <Text size="xs" c="dimmed">
                  <Moment time={hold.placedAt} /> {words.by(hold.placedByName ?? words.commandLine)}
                  {hold.liftedAt !== null && (
                    <>
                      ; {words.liftedBy(hold.liftedByName ?? words.commandLine)} <Moment time={hold.liftedAt} />
                    </>
                  )}
                </Text>
                {isNarrow && (
                  <Group justify="space-between" mt={4}>
                    {stateOf(hold)}
                    {lift(hold)}
                  </Group>
                )}
              </Table.Td>
              {!isNarrow && <Table.Td>{stateOf(hold)}</Table.Td>}
              {!isNarrow && <Table.Td>{lift(hold)}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}
