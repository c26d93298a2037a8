import { Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { filledIn } from '../parts/field-rules.tsx';
import { ownChanges } from '../parts/own-changes.ts';
import { useApiForm } from '../parts/use-api-form.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import {
  AcknowledgementFields,
  acknowledgementChange,
  type EnteredAcknowledgement,
  enteredAcknowledgement,
} from './acknowledgement-fields.tsx';
import { type EnteredOffers, enteredOffers, offersChange, QueueOfferFields } from './queue-offer-fields.tsx';
import { type EnteredTarget, enteredTarget, targetChange, targetProblem } from './queue-target.ts';
import { QueueTargetFields } from './queue-target-fields.tsx';
import { type QueueWork, QueueWorkFields, queueWorkOf } from './queue-work-fields.tsx';
import { QUEUES, queueQuery } from './queues-query.ts';
import { TeamsOfQueue } from './teams-of-queue.tsx';

interface QueueDialogProps {
  /** Undefined: a new one. */
  readonly queue?: Schemas['Queue'];
  readonly onClose: () => void;
  readonly onSaved: (queue: Schemas['Queue']) => void;
}

type Entered = Pick<Schemas['Queue'], 'name' | 'description'> &
  QueueWork &
  EnteredOffers &
  EnteredAcknowledgement & { readonly target: EnteredTarget };

function enteredQueue(queue: Schemas['Queue'] | undefined): Entered {
  return {
    name: queue?.name ?? '',
    description: queue?.description ?? '',
    ...queueWorkOf(queue),
    target: enteredTarget(queue?.target ?? null),
    ...enteredOffers(queue),
    ...enteredAcknowledgement(queue),
  };
}

function changeOf({ name, description, target, conversations, outcomes, tags, ...entered }: Entered) {
  return {
    name: name.trim(),
    description: description.trim(),
    conversations,
    outcomes,
    tags,
    target: targetChange(target),
    offers: offersChange(entered),
    acknowledgement: acknowledgementChange(entered),
  };
}

/** With the name of a field: where `@mantine/form` finds the field in the page. */
const FORM = 'queue';

/** Names and describes a queue, and says how its items are worked on. */
export function QueueDialog({ queue, onClose, onSaved }: QueueDialogProps) {
  const { routing, board } = useDeskWords();
  const { queues: words, common } = useWords();
  const queryClient = useQueryClient();
  const [opened] = useState(() => enteredQueue(queue));
  const save = useMutation({
    mutationFn: async (entered: Entered) => {
      const change = changeOf(entered);
      const { name, description } = change;
      if (!queue) return await take(api.POST('/api/v1/queues', { body: { name, description } }));
      const now = await queryClient.fetchQuery({ ...queueQuery(queue.id), staleTime: 0 });
      const body = ownChanges(changeOf(opened), change, changeOf(enteredQueue(now)));
      return await take(api.PATCH('/api/v1/queues/{id}', { params: { path: { id: queue.id } }, body }));
    },
    onSuccess: async (saved) => {
      await queryClient.invalidateQueries({ queryKey: QUEUES });
      onSaved(saved);
    },
  });
  const form = useApiForm({
    name: FORM,
    initialValues: opened,
    validate: {
      name: filledIn,
      target: (target) => targetProblem(target, board),
      acknowledgementHtml: (html, { acknowledges }) =>
        acknowledges ? filledIn(html.replace(/<(?!img)[^>]*>/gi, '')) : null,
    },
    refusal: save.error,
  });
  return (
    <Dialog onClose={onClose} title={queue ? words.editTitle : routing.createQueue}>
      <form {...form.onSubmitOf((entered) => save.mutate(entered))}>
        <Stack className="fields">
          <TextInput label={words.name} {...form.getInputProps('name')} maxLength={100} required data-autofocus />
          <TextInput
            label={`${words.description} (${common.optional})`}
            {...form.getInputProps('description')}
            maxLength={1_000}
          />
          {queue && <TeamsOfQueue queueId={queue.id} />}
          {queue && <QueueWorkFields getInputProps={form.getInputProps} />}
          {queue && (
            <QueueTargetFields
              value={form.values.target}
              error={form.errors.target}
              onChange={(target) => form.setFieldValue('target', target)}
              path={`${FORM}-target`}
            />
          )}
          {queue && <QueueOfferFields form={form} onChange={form.setValues} />}
          {queue && <AcknowledgementFields queue={queue} form={form} onChange={form.setValues} />}
          <DialogActions
            action={queue ? common.save : routing.create}
            onCancel={onClose}
            request={save}
            saysRefusal={form.saysRefusal}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
