import { Button, NativeSelect, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { ActionBar, ActionBarRoom } from '../parts/action-bar.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { Notice } from '../parts/notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useProblemWords } from '../shell/languages.tsx';
import { type MoveTarget, MoveTargetFields } from './move-target-fields.tsx';
import { MINE, QUEUES } from './queues-query.ts';
import type { Selection } from './use-selection.ts';

interface BulkBarProps {
  readonly queue: Schemas['Queue'];
  /** The rows that are shown. */
  readonly items: readonly Schemas['Item'][];
  readonly selection: Selection;
}

/**
 * Completes, moves or tags what is ticked. What could not be done stays ticked, with the reason, which is there until it is
 * cleared: rows that another person took leave the list. Nothing is shown while there is nothing to do or to say.
 */
export function BulkBar({ queue, items, selection }: BulkBarProps) {
  const { work } = useDeskWords();
  const [isMoving, setMoving] = useState(false);
  const act = useBulk(selection);
  const complete = () => {
    const ticked = items.filter(({ id }) => selection.ids.has(id));
    const seenThrough = Object.fromEntries(ticked.map((item) => [item.id, item.newestMail]));
    act.mutate({ kind: 'complete', seenThrough, unlessDraft: true });
  };
  const refused = act.data?.results.filter(({ done }) => !done) ?? [];
  const isNothing = selection.ids.size === 0;
  if (isNothing && !act.isPending && !act.error && refused.length === 0) return null;
  const clear = () => {
    selection.clear();
    act.reset();
  };
  return (
    <>
      <ActionBar
        label={work.selected(selection.ids.size)}
        above={
          <>
            <RequestNotice request={act} />
            {refused.length > 0 && <Refused results={refused} />}
          </>
        }
      >
        <Text size="sm">{work.selected(selection.ids.size)}</Text>
        <Button onClick={complete} loading={act.isPending} disabled={isNothing}>
          {work.bulkComplete}
        </Button>
        <Button variant="default" onClick={() => setMoving(true)} disabled={act.isPending || isNothing}>
          {work.bulkMove}
        </Button>
        {queue.tags.length > 0 && (
          <NativeSelect
            aria-label={work.bulkTag}
            disabled={isNothing}
            value=""
            onChange={(event) => act.mutate({ kind: 'tag', add: [event.currentTarget.value], remove: [] })}
            data={[{ value: '', label: work.bulkTag, disabled: true }, ...queue.tags]}
          />
        )}
        <Button variant="subtle" onClick={clear}>
          {work.clearSelection}
        </Button>
      </ActionBar>
      <ActionBarRoom />
      {isMoving && (
        <BulkMoveDialog
          queue={queue}
          onClose={() => setMoving(false)}
          onMove={(target) => {
            setMoving(false);
            act.mutate({ kind: 'move', ...target });
          }}
        />
      )}
    </>
  );
}

function useBulk(selection: Selection) {
  const { work } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (action: Schemas['BulkAction']) =>
      take(api.POST('/api/v1/items/bulk', { body: { ids: [...selection.ids], action } })),
    onSuccess: ({ results }) => {
      selection.set(results.filter(({ done }) => !done).map(({ id }) => id));
      announce(work.bulkDone(results.filter(({ done }) => done).length));
      for (const queryKey of [QUEUES, MINE]) void queryClient.invalidateQueries({ queryKey });
    },
  });
}

interface RefusedProps {
  readonly results: readonly { readonly reason: string | null; readonly detail: string | null }[];
}

/** Why items were left as they are, each reason once. */
function Refused({ results }: RefusedProps) {
  const { work } = useDeskWords();
  const wordsOf = useProblemWords();
  const reasons = new Map(results.map(({ reason, detail }) => [reason ?? '', detail ?? '']));
  return (
    <Notice tone="warn">
      {work.bulkRefused(results.length)}{' '}
      {[...reasons]
        .map(([reason, detail]) => {
          const words = wordsOf(reason);
          return typeof words === 'string' ? words : detail;
        })
        .join(' ')}
    </Notice>
  );
}

interface BulkMoveDialogProps {
  readonly queue: Schemas['Queue'];
  readonly onClose: () => void;
  readonly onMove: (target: MoveTarget) => void;
}

function BulkMoveDialog({ queue, onClose, onMove }: BulkMoveDialogProps) {
  const { work } = useDeskWords();
  const [target, setTarget] = useState<MoveTarget>({});
  const [isMissing, setMissing] = useState(false);
  const isNowhere = target.queueId === undefined && target.personId === undefined;
  return (
    <Dialog title={work.bulkMove} onClose={onClose}>
      <Stack>
        <MoveTargetFields
          queue={queue}
          target={target}
          error={isMissing && isNowhere ? work.moveNothing : undefined}
          onChange={setTarget}
        />
        <DialogActions
          action={work.move}
          onAct={() => (isNowhere ? setMissing(true) : onMove(target))}
          onCancel={onClose}
        />
      </Stack>
    </Dialog>
  );
}
