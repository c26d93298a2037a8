import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { FormActions } from '../parts/form-actions.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { Section } from '../parts/section.tsx';
import { UnsavedGuard } from '../parts/unsaved-guard.tsx';
import { useApiForm } from '../parts/use-api-form.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { limitsQuery } from './sessions-query.ts';

/** As `domain/session-limits.ts` has them. */
const LEAST = { idleMinutes: 5, absoluteMinutes: 15 } as const;
const MOST = 43_200;

/** How long everyone's sessions last. */
export function LimitsForm({ limits }: { readonly limits: Schemas['SessionLimits'] }) {
  const { sessions: words } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: (values: Record<keyof typeof LEAST, string>) =>
      take(
        api.PUT('/api/v1/session-limits', {
          body: {
            idleMinutes: Number(values.idleMinutes),
            absoluteMinutes: Number(values.absoluteMinutes),
            version: limits.version,
          },
        }),
      ),
    onSuccess: (saved) => {
      announce(words.saved);
      queryClient.setQueryData(limitsQuery.queryKey, saved);
    },
  });
  const isFrom = (least: number) => (text: string) => {
    const minutes = Number(text);
    return Number.isInteger(minutes) && minutes >= least && minutes <= MOST ? null : words.noMinutes(least);
  };
  const form = useApiForm({
    name: 'session-limits',
    initialValues: { idleMinutes: String(limits.idleMinutes), absoluteMinutes: String(limits.absoluteMinutes) },
    validate: { idleMinutes: isFrom(LEAST.idleMinutes), absoluteMinutes: isFrom(LEAST.absoluteMinutes) },
    refusal: save.error,
  });
  const field = { inputMode: 'numeric', maxLength: 5, autoComplete: 'off' } as const;
  return (
    <Section title={words.limits} what={words.limitsWhat} isForm>
      <form className="panel panel-body" {...form.onSubmitOf((values) => save.mutate(values))}>
        <Stack className="fields" maw={560}>
          <TextInput
            label={words.idle}
            description={words.idleWhat}
            {...field}
            {...form.getInputProps('idleMinutes')}
          />
          <TextInput
            label={words.absolute}
            description={words.absoluteWhat}
            {...field}
            {...form.getInputProps('absoluteMinutes')}
          />
          <FormActions below={!form.saysRefusal && <RequestNotice request={save} />}>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              {words.save}
            </Button>
          </FormActions>
        </Stack>
      </form>
      <UnsavedGuard isUnsaved={form.isDirty() && !save.isSuccess} what={words.unsaved} />
    </Section>
  );
}
