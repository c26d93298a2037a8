import { Radio, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { DateInput } from '../parts/date-input.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { submitKey } from '../parts/submit-key.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { type ParkChoice, parkChoices, parkedUntil } from './park-choices.ts';
import { type StepDialogProps, useStepDialog } from './use-step-dialog.ts';

interface ParkDialogProps extends StepDialogProps {
  readonly item: StepDialogProps['item'] & Pick<Schemas['Item'], 'newestMail'>;
}

/** Parks an item until the customer writes, or until a time of the browser's zone. */
export function ParkDialog(props: ParkDialogProps) {
  const { common } = useWords();
  const { work } = useDeskWords();
  const [choice, setChoice] = useState<ParkChoice>('customer');
  const [moment, setMoment] = useState('');
  const [note, setNote] = useState('');
  const [isMissing, setMissing] = useState(false);
  const park = useStepDialog(props, work.parked, (until: Date | undefined) =>
    take(
      api.POST('/api/v1/items/{id}/park', {
        params: { path: { id: props.item.id } },
        body: {
          reason: until === undefined ? 'customer' : 'time',
          seenThrough: props.item.newestMail,
          ...(until && { until: until.toISOString() }),
          ...(note.trim() !== '' && { note: note.trim() }),
        },
      }),
    ),
  );
  const submit = () => {
    const until = parkedUntil(choice, moment, new Date());
    if (until === 'missing') setMissing(true);
    else park.mutate(until);
  };
  return (
    <Dialog title={work.parkTitle} onClose={props.onClose} isBusy={park.isPending}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack>
          <Radio.Group label={work.parkUntil} value={choice} onChange={(value) => setChoice(value as ParkChoice)}>
            <Stack gap={6} mt={4}>
              {parkChoices.map((value) => (
                <Radio key={value} value={value} label={work.parkChoices[value]} data-autofocus={value === choice} />
              ))}
            </Stack>
          </Radio.Group>
          {choice === 'moment' && (
            <DateInput
              type="datetime-local"
              label={work.parkMoment}
              value={moment}
              onChange={(event) => {
                setMoment(event.currentTarget.value);
                setMissing(false);
              }}
              error={isMissing && work.parkMomentMissing}
              required
            />
          )}
          <Textarea
            label={`${work.note} (${common.optional})`}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            onKeyDown={submitKey}
            maxLength={10_000}
          />
          <Text size="xs" c="dimmed">
            {work.parkWhat}
          </Text>
          <DialogActions action={work.park} onCancel={props.onClose} request={park} />
        </Stack>
      </form>
    </Dialog>
  );
}
