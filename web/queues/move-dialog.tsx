import { Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { api, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { submitKey } from '../parts/submit-key.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { type MoveTarget, MoveTargetFields } from './move-target-fields.tsx';
import { type StepDialogProps, useStepDialog } from './use-step-dialog.ts';

/** Moves an item to another queue, to a person, or both. */
export function MoveDialog(props: StepDialogProps) {
  const { common } = useWords();
  const { work } = useDeskWords();
  const [target, setTarget] = useState<MoveTarget>({});
  const [note, setNote] = useState('');
  const [isMissing, setMissing] = useState(false);
  const move = useStepDialog(props, work.moved, () =>
    take(
      api.POST('/api/v1/items/{id}/move', {
        params: { path: { id: props.item.id } },
        body: { ...target, ...(note.trim() !== '' && { note: note.trim() }) },
      }),
    ),
  );
  return (
    <Dialog title={work.moveTitle} onClose={props.onClose} isBusy={move.isPending}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (target.queueId === undefined && target.personId === undefined) setMissing(true);
          else move.mutate(undefined);
        }}
      >
        <Stack>
          <MoveTargetFields
            queue={props.item.queue}
            target={target}
            error={isMissing ? work.moveNothing : undefined}
            onChange={(changed) => {
              setTarget(changed);
              setMissing(false);
            }}
          />
          <Textarea
            label={`${work.note} (${common.optional})`}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            onKeyDown={submitKey}
            maxLength={10_000}
          />
          <DialogActions action={work.move} onCancel={props.onClose} request={move} />
        </Stack>
      </form>
    </Dialog>
  );
}
