import { Stack, Textarea } from '@mantine/core';
import { api, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { filledIn } from '../parts/field-rules.tsx';
import { submitKey } from '../parts/submit-key.ts';
import { useApiForm } from '../parts/use-api-form.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { type StepDialogProps, useStepDialog } from './use-step-dialog.ts';

/** Opens a completed item again, with a reason. */
export function ReopenDialog(props: StepDialogProps) {
  const { work } = useDeskWords();
  const reopen = useStepDialog(props, work.reopened, (reason: string) =>
    take(api.POST('/api/v1/items/{id}/reopen', { params: { path: { id: props.item.id } }, body: { reason } })),
  );
  const form = useApiForm({
    name: 'reopen',
    initialValues: { reason: '' },
    validate: { reason: filledIn },
    refusal: reopen.error,
  });
  return (
    <Dialog title={work.reopenTitle} onClose={props.onClose} isBusy={reopen.isPending}>
      <form {...form.onSubmitOf(({ reason }) => reopen.mutate(reason))}>
        <Stack>
          <Textarea
            label={work.reopenReason}
            {...form.getInputProps('reason')}
            onKeyDown={submitKey}
            maxLength={10_000}
            required
            data-autofocus
          />
          <DialogActions
            action={work.reopen}
            onCancel={props.onClose}
            request={reopen}
            saysRefusal={form.saysRefusal}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
