import { Checkbox, NumberInput, Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { lazy, Suspense } from 'react';
import type { Schemas } from '../api/client.ts';
import { TableSkeleton } from '../parts/table-skeleton.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { loadCode } from '../shell/load-code.ts';

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
  readonly form: Pick<UseFormReturnType<EnteredAcknowledgement>, 'values' | 'errors'>;
  readonly onChange: (change: Partial<EnteredAcknowledgement>) => void;
}

/** Fields for the automatic acknowledgement of a queue's mail. */
export function AcknowledgementFields({ form: { values, errors }, onChange }: AcknowledgementFieldsProps) {
  const { work: words } = useDeskWords();
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
        </>
      )}
    </>
  );
}
