import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DialogActions } from '../parts/dialog-actions.tsx';
import { FormActions } from '../parts/form-actions.tsx';
import { Moment } from '../parts/moment.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { Section } from '../parts/section.tsx';
import { UnsavedGuard } from '../parts/unsaved-guard.tsx';
import { useApiForm } from '../parts/use-api-form.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { type Kind, kinds, retentionQuery } from './retention-query.ts';

const MOST_DAYS = 36_500;
type Values = Record<Kind, string>;

/** The periods. What they would delete tonight is said before they are saved. */
export function PeriodsForm({ retention }: { readonly retention: Schemas['Retention'] }) {
  const { retention: words } = useDeskWords();
  const { locale } = useWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: (periods: Schemas['RetentionPeriods']) =>
      take(api.PUT('/api/v1/retention', { body: { periods, version: retention.version } })),
    onSuccess: (saved) => {
      announce(words.saved);
      queryClient.setQueryData(retentionQuery.queryKey, saved);
    },
  });
  const count = useMutation({
    mutationFn: async (periods: Schemas['RetentionPeriods']) => ({
      periods,
      counts: await take(api.POST('/api/v1/retention/counts', { body: periods })),
    }),
    onSuccess: ({ periods, counts }) => {
      if (kinds.every((kind) => counts[kind] === 0)) save.mutate(periods);
    },
  });
  const isDays = (text: string) => (text.trim() === '' || isPeriod(Number(text)) ? null : words.noDays);
  const form = useApiForm<Values>({
    name: 'retention',
    initialValues: Object.fromEntries(
      kinds.map((kind) => [kind, String(retention.periods[kind] ?? '')]),
    ) as unknown as Values,
    validate: { content: isDays, items: isDays, events: isDays, signIns: isDays, quarantine: isDays },
    refusal: count.error ?? save.error,
  });
  const asked =
    count.data && kinds.some((kind) => count.data.counts[kind] > 0) && !save.isSuccess ? count.data : undefined;
  const wordsOf = (counts: Schemas['RetentionCounts']) =>
    new Intl.ListFormat(locale).format(
      kinds.filter((kind) => counts[kind] > 0).map((kind) => words.counts[kind](counts[kind])),
    );
  return (
    <Section title={words.periods} what={words.periodsWhat} isForm>
      <form className="panel panel-body" {...form.onSubmitOf((values) => count.mutate(periodsOf(values)))}>
        <Stack className="fields" maw={560}>
          {kinds.map((kind) => (
            <TextInput
              key={kind}
              label={words.kinds[kind][0]}
              description={words.kinds[kind][1]}
              placeholder={words.forEver}
              inputMode="numeric"
              maxLength={6}
              autoComplete="off"
              {...form.getInputProps(kind)}
            />
          ))}
          <Text size="sm" c="dimmed">
            {retention.sweptAt === null ? (
              words.never
            ) : (
              <>
                {words.lastSweep}: <Moment time={retention.sweptAt} />,{' '}
                {(retention.swept && wordsOf(retention.swept)) || words.deletedNothing}
              </>
            )}
          </Text>
          <FormActions below={!form.saysRefusal && !asked && <RequestNotice request={count.isError ? count : save} />}>
            <Button type="submit" loading={count.isPending || save.isPending} disabled={!form.isDirty()}>
              {words.save}
            </Button>
          </FormActions>
        </Stack>
      </form>
      <UnsavedGuard isUnsaved={form.isDirty() && !save.isSuccess} what={words.unsaved} />
      {asked && (
        <Dialog title={words.confirmTitle} onClose={() => count.reset()} isBusy={save.isPending}>
          <Stack>
            <Text size="sm">{words.confirmWhat(wordsOf(asked.counts))}</Text>
            <DialogActions
              action={words.save}
              onAct={() => save.mutate(asked.periods)}
              onCancel={() => count.reset()}
              request={save}
              isDangerous
            />
          </Stack>
        </Dialog>
      )}
    </Section>
  );
}

function isPeriod(days: number): boolean {
  return Number.isInteger(days) && days >= 1 && days <= MOST_DAYS;
}

function periodsOf(values: Values): Schemas['RetentionPeriods'] {
  const daysOf = (text: string) => (text.trim() === '' ? null : Number(text));
  return {
    content: daysOf(values.content),
    items: daysOf(values.items),
    events: daysOf(values.events),
    signIns: daysOf(values.signIns),
    quarantine: daysOf(values.quarantine),
  };
}
