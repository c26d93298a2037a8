import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { filledIn } from '../parts/field-rules.tsx';
import { FormActions } from '../parts/form-actions.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
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
import { QUEUES } from './queues-query.ts';
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

/** With the name of a field: where `@mantine/form` finds the field in the page. */
const FORM = 'queue';

/** Names and describes a queue, and says how its items are worked on. */
export function QueueDialog({ queue, onClose, onSaved }: QueueDialogProps) {
  const { routing, board } = useDeskWords();
  const { queues: words, common } = useWords();
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: ({ name, description, ...entered }: Entered) => {
      const { acknowledges, acknowledgementHtml, acknowledgementDays, target, ...others } = entered;
      const { offersItems, offerSeconds, allowsClaims, ...work } = others;
      const offers = offersChange({ offersItems, offerSeconds, allowsClaims });
      const acknowledgement = acknowledgementChange({ acknowledges, acknowledgementHtml, acknowledgementDays });
      const body = { name: name.trim(), description: description.trim() };
      return queue
        ? take(
            api.PATCH('/api/v1/queues/{id}', {
              params: { path: { id: queue.id } },
              body: { ...body, ...work, acknowledgement, offers, target: targetChange(target) },
            }),
          )
        : take(api.POST('/api/v1/queues', { body }));
    },
    onSuccess: async (saved) => {
      await queryClient.invalidateQueries({ queryKey: QUEUES });
      onSaved(saved);
    },
  });
  const form = useApiForm({
    name: FORM,
    initialValues: {
      name: queue?.name ?? '',
      description: queue?.description ?? '',
      ...queueWorkOf(queue),
      target: enteredTarget(queue?.target ?? null),
      ...enteredOffers(queue),
      ...enteredAcknowledgement(queue),
    },
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
          <FormActions below={!form.saysRefusal && <RequestNotice request={save} />}>
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
