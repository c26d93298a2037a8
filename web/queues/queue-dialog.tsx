import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { FormActions } from '../parts/form-actions.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useFormFields } from '../parts/use-form-fields.tsx';
import { useWords } from '../shell/languages.tsx';
import { QUEUES } from './queues-query.ts';

interface QueueDialogProps {
  /** Undefined: a new one. */
  readonly queue?: Schemas['Queue'];
  readonly onClose: () => void;
  readonly onSaved: (queue: Schemas['Queue']) => void;
}

/** Names and describes a queue. */
export function QueueDialog({ queue, onClose, onSaved }: QueueDialogProps) {
  const { queues: words, routing, common } = useWords();
  const queryClient = useQueryClient();
  const [name, setName] = useState(queue?.name ?? '');
  const [description, setDescription] = useState(queue?.description ?? '');
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), description: description.trim() };
      return queue
        ? take(api.PATCH('/api/v1/queues/{id}', { params: { path: { id: queue.id } }, body }))
        : take(api.POST('/api/v1/queues', { body }));
    },
    onSuccess: async (saved) => {
      await queryClient.invalidateQueries({ queryKey: QUEUES });
      onSaved(saved);
    },
  });
  const { form, field, says } = useFormFields(save.error);
  return (
    <Dialog onClose={onClose} title={queue ? words.editTitle : routing.createQueue}>
      <form {...form(() => save.mutate())}>
        <Stack className="fields">
          <TextInput
            label={words.name}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            {...field('/name')}
            maxLength={100}
            required
            data-autofocus
          />
          <TextInput
            label={`${words.description} (${common.optional})`}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
            maxLength={1_000}
          />
          <FormActions below={!says('/name') && <RequestNotice request={save} />}>
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {queue ? common.save : routing.create}
            </Button>
          </FormActions>
        </Stack>
      </form>
    </Dialog>
  );
}
