import '@mantine/core/styles/NumberInput.css';
import { Checkbox, NumberInput, Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { TableSkeleton } from '../parts/table-skeleton.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { loadCode } from '../shell/load-code.ts';
import { QUEUES } from './queues-query.ts';

const HtmlField = lazy(async () => ({
  default: (await loadCode(() => import('../answers/html-field.tsx'))).HtmlField,
}));

/** What the API fills in. */
const placeholders = ['{{customer.name}}', '{{item.number}}', '{{subject}}'];
const EVERY_DAYS = 7;
const MOST_DAYS = 365;

/** The automatic acknowledgement of a queue, as a form holds it. */
export interface EnteredAcknowledgement {
  acknowledges: boolean;
  acknowledgementHtml: string;
  acknowledgementDays: number;
}

/** What a form begins with. */
export function enteredAcknowledgement(queue: Schemas['Queue'] | undefined): EnteredAcknowledgement {
  const { html = '', everyDays = EVERY_DAYS } = queue?.acknowledgement ?? {};
  return { acknowledges: html !== '', acknowledgementHtml: html, acknowledgementDays: everyDays };
}

/** What the API takes; null: none. */
export function acknowledgementChange({
  acknowledges,
  acknowledgementHtml,
  acknowledgementDays,
}: EnteredAcknowledgement) {
  return acknowledges ? { html: acknowledgementHtml, everyDays: acknowledgementDays } : null;
}

interface AcknowledgementFieldsProps {
  readonly queue: Schemas['Queue'];
  readonly form: Pick<UseFormReturnType<EnteredAcknowledgement>, 'values' | 'errors'>;
  readonly onChange: (change: Partial<EnteredAcknowledgement>) => void;
}

/** Fields for the automatic acknowledgement of a queue's mail. */
export function AcknowledgementFields({ queue, form: { values, errors }, onChange }: AcknowledgementFieldsProps) {
  const { work: words } = useDeskWords();
  const { data: counts = [] } = useQuery({
    queryKey: [...QUEUES, queue.id, 'acknowledgements'],
    queryFn: async () => {
      const params = { path: { id: queue.id } };
      return (await take(api.GET('/api/v1/queues/{id}/acknowledgements', { params }))).counts;
    },
    enabled: queue.acknowledgement !== null,
  });
  const count = (isSent: boolean) =>
    counts.reduce((sum, each) => sum + ((each.outcome === 'sent') === isSent ? each.count : 0), 0);
  return (
    <>
      <Checkbox
        label={words.acknowledges}
        description={words.acknowledgesHint}
        checked={values.acknowledges}
        onChange={({ currentTarget }) => onChange({ acknowledges: currentTarget.checked })}
      />
      {values.acknowledges && (
        <>
          <Suspense fallback={<TableSkeleton rows={3} />}>
            <div>
              <HtmlField
                label={words.acknowledgement}
                hint={words.acknowledgementHint(placeholders.join(' '))}
                value={values.acknowledgementHtml}
                onChange={(acknowledgementHtml) => onChange({ acknowledgementHtml })}
              />
              {errors.acknowledgementHtml !== undefined && (
                <Text size="xs" c="var(--mantine-color-error)" mt={5} role="alert">
                  {errors.acknowledgementHtml}
                </Text>
              )}
            </div>
          </Suspense>
          <NumberInput
            label={words.acknowledgementDays}
            description={words.acknowledgementDaysHint}
            min={1}
            max={MOST_DAYS}
            allowDecimal={false}
            clampBehavior="strict"
            value={values.acknowledgementDays}
            onChange={(days) => onChange({ acknowledgementDays: Number(days) || 1 })}
          />
          {counts.length > 0 && (
            <Text size="xs" c="dimmed">
              {words.acknowledged(count(true), count(false))}
            </Text>
          )}
        </>
      )}
    </>
  );
}
