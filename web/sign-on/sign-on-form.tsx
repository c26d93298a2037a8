import { Button, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { ProblemError } from '../api/problem-error.ts';
import { filledIn } from '../parts/field-rules.tsx';
import { FormActions } from '../parts/form-actions.tsx';
import { Notice } from '../parts/notice.tsx';
import { ProblemWords } from '../parts/problem-words.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { READING_WIDTH, Section } from '../parts/section.tsx';
import { UnsavedGuard } from '../parts/unsaved-guard.tsx';
import { useApiForm } from '../parts/use-api-form.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { type EnteredSettings, settingsOf } from './entered-settings.ts';
import { MappingRows } from './mapping-rows.tsx';
import { signOnQuery } from './sign-on-query.ts';

/** As `domain/step-up.ts` has them. */
const LEAST_MINUTES = 2;
const MOST_MINUTES = 1_440;
const REFUSED = 'refused';

interface SignOnFormProps {
  readonly settings: Schemas['SignOnSettings'];
  readonly teams: readonly Schemas['Team'][];
}

/** Profiles from the identity provider, and when changes ask for a recent sign-in: saved together. */
export function SignOnForm({ settings, teams }: SignOnFormProps) {
  const { signOn: words } = useDeskWords();
  const mayChange = useMay('users.change');
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: ({ values, confirmed }: { values: EnteredSettings; confirmed: boolean }) =>
      take(
        api.PUT('/api/v1/sign-on-settings', {
          body: { ...settingsOf(values), version: settings.version, confirmed },
        }),
      ),
    onSuccess: (saved) => {
      announce(words.saved);
      queryClient.setQueryData(signOnQuery.queryKey, saved);
    },
  });
  const form = useApiForm<EnteredSettings>({
    name: 'sign-on-settings',
    initialValues: {
      claim: settings.claim ?? '',
      mappings: settings.mappings.map((mapping, key) => ({ ...mapping, key })),
      unmatchedProfile: settings.unmatchedProfile ?? REFUSED,
      addsPeople: settings.addsPeople,
      stepUpMinutes: settings.stepUpMinutes === null ? '' : String(settings.stepUpMinutes),
      stepUpAcr: settings.stepUpAcr ?? '',
    },
    validate: {
      mappings: { value: filledIn },
      stepUpMinutes: (text) => {
        const minutes = Number(text);
        const isRight = Number.isInteger(minutes) && minutes >= LEAST_MINUTES && minutes <= MOST_MINUTES;
        return text.trim() === '' || isRight ? null : words.noMinutes;
      },
    },
    refusal: save.error,
  });
  const isMapped = form.values.claim.trim() !== '';
  const asksFirst = save.error instanceof ProblemError && save.error.details.reason === 'mapping-takes-administration';
  const text = { autoComplete: 'off', spellCheck: false, readOnly: !mayChange } as const;
  return (
    <form {...form.onSubmitOf((values) => save.mutate({ values, confirmed: false }))}>
      <Stack gap="xl" maw={READING_WIDTH}>
        <Section title={words.mapping} what={words.mappingWhat}>
          <Stack className="panel panel-body fields">
            <TextInput
              maw={560}
              label={words.claim}
              description={words.claimWhat}
              maxLength={200}
              {...text}
              {...form.getInputProps('claim')}
            />
            {isMapped && <MappingRows form={form} teams={teams} mayChange={mayChange} />}
            {isMapped && (
              <Select
                maw={560}
                label={words.unmatched}
                description={words.unmatchedWhat}
                data={[
                  { value: REFUSED, label: words.refused },
                  { value: 'Agent', label: 'Agent' },
                  { value: 'Supervisor', label: 'Supervisor' },
                ]}
                allowDeselect={false}
                readOnly={!mayChange}
                {...form.getInputProps('unmatchedProfile')}
              />
            )}
            {isMapped && (
              <Switch
                label={words.addsPeople}
                disabled={!mayChange}
                {...form.getInputProps('addsPeople', { type: 'checkbox' })}
              />
            )}
          </Stack>
        </Section>
        <Section title={words.stepUp} what={words.stepUpWhat}>
          <Stack className="panel panel-body fields">
            <TextInput
              maw={560}
              label={words.minutes}
              description={words.minutesWhat}
              inputMode="numeric"
              maxLength={4}
              {...text}
              {...form.getInputProps('stepUpMinutes')}
            />
            <TextInput
              maw={560}
              label={words.acr}
              description={words.acrWhat}
              maxLength={200}
              {...text}
              {...form.getInputProps('stepUpAcr')}
            />
          </Stack>
        </Section>
        {mayChange && (
          <FormActions below={!form.saysRefusal && !asksFirst && <RequestNotice request={save} />}>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              {words.save}
            </Button>
          </FormActions>
        )}
        {asksFirst && (
          <Notice
            tone="warn"
            urgent
            actions={
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => save.mutate({ values: form.getValues(), confirmed: true })}
              >
                {words.saveAnyway}
              </Button>
            }
          >
            <ProblemWords error={save.error} />
          </Notice>
        )}
      </Stack>
      <UnsavedGuard isUnsaved={form.isDirty() && !save.isSuccess} what={words.unsaved} />
    </form>
  );
}
