import { Button, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { ActionsHeader } from '../parts/actions-header.tsx';
import { Icon } from '../parts/icon.tsx';
import { IconAction } from '../parts/icon-action.tsx';
import { Moment } from '../parts/moment.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { saveFile } from '../parts/save-file.ts';
import { Section } from '../parts/section.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { erasuresQuery } from './retention-query.ts';
import { type Target, TargetDialog } from './target-dialog.tsx';
import { useTargetWords } from './target-words.ts';

const tones = { waiting: 'good', held: 'warn', done: 'idle' } as const;

/** What was deleted on request. `itemId`: the mail that the page was opened for. */
export function Erasures({ itemId }: { readonly itemId: string | undefined }) {
  const { retention: words } = useDeskWords();
  const [isErasing, setErasing] = useState(false);
  const { data, error, refetch } = useQuery(erasuresQuery);
  return (
    <Section
      title={words.erasures}
      what={words.erasuresWhat}
      actions={
        <Button variant="default" leftSection={<Icon name="bin" />} onClick={() => setErasing(true)}>
          {words.erase}
        </Button>
      }
    >
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <Text size="sm">{words.noErasures}</Text>}
      {data && data.length > 0 && <ErasuresTable erasures={data} />}
      {isErasing && (
        <TargetDialog
          title={words.erase}
          what={`${words.eraseWhat} ${words.removedAccount}`}
          action={words.eraseNow}
          isDangerous
          done={words.erasureRequested}
          scopes={itemId === undefined ? ['sender'] : ['item', 'sender']}
          send={(target) => take(api.POST('/api/v1/erasures', { body: bodyOf(target, itemId) }))}
          listKey={erasuresQuery.queryKey}
          onClose={() => setErasing(false)}
        />
      )}
    </Section>
  );
}

function bodyOf({ scope, address, reason }: Target, itemId = ''): Schemas['NewErasure'] {
  return scope === 'item' ? { scope, itemId, reason } : { scope: 'sender', address, reason };
}

function ErasuresTable({ erasures }: { readonly erasures: readonly Schemas['Erasure'][] }) {
  const { retention: words } = useDeskWords();
  const { queues } = useWords();
  const wordsOf = useTargetWords();
  const isNarrow = useIsNarrow();
  const stateOf = ({ state }: Schemas['Erasure']) => (
    <StatusLabel tone={tones[state]}>{words.states[state]}</StatusLabel>
  );
  return (
    <TableScroll className="panel">
      <Table aria-label={words.erasures} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="100%">{words.what}</Table.Th>
            {!isNarrow && <Table.Th>{queues.state}</Table.Th>}
            <ActionsHeader />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {erasures.map((erasure) => (
            <Table.Tr key={erasure.id}>
              <Table.Td className="name">
                <Text size="sm" fw={500}>
                  {wordsOf(erasure)}
                </Text>
                <Text size="sm">{erasure.reason}</Text>
                <Text size="xs" c="dimmed">
                  <Moment time={erasure.requestedAt} /> {words.by(erasure.requestedByName ?? words.commandLine)};{' '}
                  {words.erased(erasure.messages, erasure.answers, erasure.notes)}
                  {erasure.state === 'held' && `; ${words.heldOf(erasure.held)}`}
                </Text>
                {isNarrow && stateOf(erasure)}
              </Table.Td>
              {!isNarrow && <Table.Td>{stateOf(erasure)}</Table.Td>}
              <Table.Td>
                {erasure.state === 'done' && (
                  <IconAction
                    icon="download"
                    label={words.receiptOf(wordsOf(erasure))}
                    onClick={() => saveFile(`erasure-${erasure.id}.json`, JSON.stringify(erasure, null, 2))}
                  />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}
