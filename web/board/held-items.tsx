import { Button, Group, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { RequestNotice } from '../parts/request-notice.tsx';
import { shownSubject } from '../parts/shown-subject.ts';
import { Since } from '../parts/since.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { DueMark } from '../queues/due-mark.tsx';
import { ItemLink } from '../queues/item-link.tsx';
import { MoveDialog } from '../queues/move-dialog.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { BOARD } from './board-query.ts';
import { BoardSection } from './board-section.tsx';

type Item = Schemas['Item'];

/** As many as the API lists. */
const MOST = 200;

/** The items that agents hold: a supervisor reads along, takes back, and reassigns. */
export function HeldItems({ items }: { readonly items: readonly Item[] }) {
  const { queues } = useWords();
  const { board: words } = useDeskWords();
  const isNarrow = useIsNarrow();
  const queryClient = useQueryClient();
  const announce = useAnnounce();
  const [reassigned, setReassigned] = useState<Item>();
  const refresh = () => void queryClient.invalidateQueries({ queryKey: BOARD });
  const takeBack = useMutation({
    mutationFn: ({ id }: Item) => take(api.POST('/api/v1/items/{id}/release', { params: { path: { id } }, body: {} })),
    onSuccess: () => announce(words.takenBack),
    onSettled: refresh,
  });
  const actions = (item: Item) => {
    const subject = shownSubject(item.subject, queues.noSubject);
    return (
      <Group gap="xs" wrap="nowrap" justify={isNarrow ? 'start' : 'end'}>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={words.takeBackOf(subject)}
          loading={takeBack.isPending && takeBack.variables.id === item.id}
          onClick={() => takeBack.mutate(item)}
        >
          {words.takeBack}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={words.reassignOf(subject)}
          onClick={() => setReassigned(item)}
        >
          {words.reassign}
        </Button>
      </Group>
    );
  };
  return (
    <BoardSection id="board-held" title={words.held} none={items.length === 0 && words.nothingHeld}>
      <RequestNotice request={takeBack} />
      <Table aria-labelledby="board-held">
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.id}>
              <Table.Td className="subject">
                <Text size="sm" truncate component="div">
                  <ItemLink item={item} />
                </Text>
                <Text size="xs" c="dimmed" component="div">
                  <bdi>{item.claim?.name ?? queues.somebody}</bdi>
                  {item.queue && <> · {item.queue.name}</>}
                  {item.claim && (
                    <>
                      {' '}
                      · <Since time={item.claim.at} />
                    </>
                  )}
                </Text>
                <DueMark item={item} />
                {isNarrow && actions(item)}
              </Table.Td>
              {!isNarrow && <Table.Td w={1}>{actions(item)}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {items.length >= MOST && (
        <Text size="sm" c="dimmed" p="sm">
          {words.heldLimit(MOST)}
        </Text>
      )}
      {reassigned && (
        <MoveDialog
          item={reassigned}
          onClose={() => {
            setReassigned(undefined);
            refresh();
          }}
        />
      )}
    </BoardSection>
  );
}
