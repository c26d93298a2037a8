import { Button, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { isKind, ProblemError } from '../api/problem-error.ts';
import { DateInput } from '../parts/date-input.tsx';
import { filledIn } from '../parts/field-rules.tsx';
import { FormActions } from '../parts/form-actions.tsx';
import { formatMoment } from '../parts/moment.tsx';
import { Notice } from '../parts/notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { ServerWords } from '../parts/server-words.tsx';
import { TraceLine } from '../parts/trace-line.tsx';
import { UnsavedGuard } from '../parts/unsaved-guard.tsx';
import { useApiForm } from '../parts/use-api-form.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { certificatesQuery } from './certificates-query.ts';
import { CheckResult, type SettingsCheck } from './check-result.tsx';
import { CredentialChoice } from './credential-choice.tsx';
import { SecretNotice } from './secret-notice.tsx';
import { SettingsConflict } from './settings-conflict.tsx';
import { settingsQuery } from './settings-query.ts';
import { findingOf, UnsavedFinding } from './unsaved-finding.tsx';

type Entered = ReturnType<typeof entered>;

/** The global properties while they are edited, with the version that they are based on. */
function entered({ tenantId, clientId, certificateId, clientSecret: { expiresAt }, version }: Schemas['Settings']) {
  const clientSecretExpiresAt = expiresAt === null ? '' : dayOf(expiresAt);
  return {
    tenantId: tenantId ?? '',
    clientId: clientId ?? '',
    certificateId: certificateId ?? '',
    clientSecret: '',
    clientSecretExpiresAt,
    version,
  };
}

/** As the API stores an ID, without the blanks that are copied with it. */
function asStored(id: string): string {
  return id.trim().toLowerCase();
}

/** The day of a moment in the user's time zone, as fields of days hold it. */
function dayOf(time: string): string {
  const at = new Date(time);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** Without a secret, the saved one is kept. */
function toSend({ certificateId, clientSecret, clientSecretExpiresAt: day, ...values }: Entered) {
  if (certificateId !== '') return { ...values, certificateId };
  const clientSecretExpiresAt = day === '' ? null : new Date(`${day}T00:00`).toISOString();
  return { ...values, clientSecretExpiresAt, certificateId: null, ...(clientSecret !== '' && { clientSecret }) };
}

/** Tenant, client and secret. The secret is only ever sent, never received. */
export function SettingsForm({ settings }: { readonly settings: Schemas['Settings'] }) {
  const { settings: words, common, locale } = useWords();
  const { secret: secretWords } = useDeskWords().keys;
  const announce = useAnnounce();
  const mayChange = useMay('settings.change');
  const queryClient = useQueryClient();
  const isOtherApp = ({ tenantId, clientId }: Entered) =>
    asStored(tenantId) !== (settings.tenantId ?? '') || asStored(clientId) !== (settings.clientId ?? '');
  // A secret belongs to the IDs that it was saved with, and is never tried with others.
  const needsSecret = (entered: Entered) =>
    entered.certificateId === '' && (!settings.clientSecret.set || isOtherApp(entered));

  const check = useMutation({
    mutationFn: (): Promise<SettingsCheck> => {
      const { tenantId, clientId, certificateId, clientSecret } = form.getValues();
      const credential =
        certificateId !== '' ? { certificateId } : clientSecret !== '' ? { clientSecret } : { certificateId: null };
      return take(api.POST('/api/v1/email/settings/check', { body: { tenantId, clientId, ...credential } }));
    },
    onSettled: () => void queryClient.invalidateQueries(settingsQuery),
  });
  const save = useMutation({
    mutationFn: ({ force }: { readonly force: boolean }): Promise<Schemas['Settings']> =>
      take(api.PUT('/api/v1/email/settings', { body: { ...toSend(form.getValues()), force } })),
    onSuccess: async (saved) => {
      // A request that began earlier must not overwrite what was saved after it.
      await queryClient.cancelQueries(settingsQuery);
      queryClient.setQueryData(settingsQuery.queryKey, saved);
      form.setValues(entered(saved));
      void queryClient.invalidateQueries(certificatesQuery);
      announce(words.saved);
    },
  });

  /** Keeps the entered values; saving again replaces theirs. */
  function keepMine(theirs: Schemas['Settings']): void {
    form.setFieldValue('version', theirs.version);
    save.reset();
  }

  const form = useApiForm<Entered>({
    name: 'settings',
    initialValues: entered(settings),
    validate: {
      tenantId: filledIn,
      clientId: filledIn,
      clientSecret: (secret, values) => (needsSecret(values) ? filledIn(secret) : null),
    },
    refusal: save.error ?? check.error,
  });
  const isUnsaved =
    mayChange &&
    (isOtherApp(form.values) ||
      form.values.certificateId !== (settings.certificateId ?? '') ||
      form.values.clientSecret !== '' ||
      form.values.clientSecretExpiresAt !== entered(settings).clientSecretExpiresAt);
  const finding = findingOf(save.error);
  const { setAt, endsWith } = settings.clientSecret;
  const bySecret = form.values.certificateId === '';
  return (
    <section className="panel panel-body" aria-labelledby="properties">
      <UnsavedGuard isUnsaved={isUnsaved} what={words.leaveWhat} />
      <form
        {...form.onSubmitOf(() => {
          check.reset();
          save.mutate({ force: false });
        })}
      >
        <Stack className="fields">
          <div>
            <Title order={2} id="properties">
              {words.title}
            </Title>
          </div>
          {settings.fault !== null && (
            <Notice tone="bad">
              <strong>{words.fault}</strong>
              <br />
              <ServerWords reason={settings.fault.reason}>{settings.fault.words}</ServerWords>
              <TraceLine trace={settings.fault} />
            </Notice>
          )}
          <TextInput
            label={words.tenantId}
            description={words.tenantHint}
            {...form.getInputProps('tenantId')}
            required
            readOnly={!mayChange}
            spellCheck={false}
            autoComplete="off"
          />
          <TextInput
            label={words.clientId}
            description={words.clientHint}
            {...form.getInputProps('clientId')}
            required
            readOnly={!mayChange}
            spellCheck={false}
            autoComplete="off"
          />
          <CredentialChoice
            saved={settings.certificateId}
            {...form.getInputProps('certificateId')}
            disabled={!mayChange}
          />
          {bySecret && (
            <>
              <PasswordInput
                label={words.clientSecret}
                description={
                  setAt === null
                    ? words.secretHint
                    : isOtherApp(form.values)
                      ? words.secretAgain
                      : words.secretSet(formatMoment(setAt, locale), endsWith ?? '')
                }
                {...form.getInputProps('clientSecret')}
                required={needsSecret(form.values)}
                readOnly={!mayChange}
                autoComplete="new-password"
              />
              <DateInput
                type="date"
                label={`${secretWords.ends} (${common.optional})`}
                description={secretWords.endsHint}
                {...form.getInputProps('clientSecretExpiresAt')}
                readOnly={!mayChange}
              />
            </>
          )}
          <SecretNotice secret={settings.clientSecret} />
          {mayChange && (
            <FormActions>
              <Button type="submit" loading={save.isPending}>
                {common.save}
              </Button>
              <Button variant="default" onClick={() => form.isFilledIn() && check.mutate()} loading={check.isPending}>
                {words.check}
              </Button>
            </FormActions>
          )}
          {finding !== undefined ? (
            <UnsavedFinding {...finding} onSaveAnyway={() => save.mutate({ force: true })} isSaving={save.isPending} />
          ) : isKind(save.error, 'other-version') ? (
            <SettingsConflict
              facts={save.error instanceof ProblemError ? save.error.details.facts : undefined}
              entered={form.values}
              onTakeTheirs={(theirs) => {
                form.setValues(entered(theirs));
                save.reset();
              }}
              onKeepMine={keepMine}
            />
          ) : (
            !form.saysRefusal && (
              <>
                <RequestNotice request={save} />
                <RequestNotice request={check} />
              </>
            )
          )}
          <div aria-live="polite">{check.data && <CheckResult check={check.data} />}</div>
        </Stack>
      </form>
    </section>
  );
}
