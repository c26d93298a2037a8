import { Button, Group, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { isKind, ProblemError } from '../api/problem-error.ts';
import { formatMoment } from '../parts/moment.tsx';
import { Notice } from '../parts/notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { ServerWords } from '../parts/server-words.tsx';
import { TraceLine } from '../parts/trace-line.tsx';
import { UnsavedGuard } from '../parts/unsaved-guard.tsx';
import { useFormFields } from '../parts/use-form-fields.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { CheckResult } from './check-result.tsx';
import { SettingsConflict } from './settings-conflict.tsx';
import { settingsQuery } from './settings-query.ts';
import { findingOf, UnsavedFinding } from './unsaved-finding.tsx';

/** Tenant, client and secret. The secret is only ever sent, never received. */
export function SettingsForm({ settings }: { readonly settings: Schemas['Settings'] }) {
  const { settings: words, common, locale } = useWords();
  const announce = useAnnounce();
  const mayChange = useMay('settings.change');
  const queryClient = useQueryClient();
  const [tenantId, setTenantId] = useState(settings.tenantId ?? '');
  const [clientId, setClientId] = useState(settings.clientId ?? '');
  const [clientSecret, setClientSecret] = useState('');
  const [version, setVersion] = useState(settings.version);

  const isOtherApp = tenantId !== (settings.tenantId ?? '') || clientId !== (settings.clientId ?? '');
  const isUnsaved = mayChange && (isOtherApp || clientSecret !== '');
  // A secret belongs to the IDs that it was saved with; it is never tried with others.
  const needsSecret = !settings.clientSecret.set || isOtherApp;

  const secret = clientSecret === '' ? {} : { clientSecret };
  const check = useMutation({
    mutationFn: () => take(api.POST('/api/v1/email/settings/check', { body: { tenantId, clientId, ...secret } })),
    onSettled: () => void queryClient.invalidateQueries(settingsQuery),
  });
  const save = useMutation({
    mutationFn: ({ force }: { readonly force: boolean }) =>
      take(api.PUT('/api/v1/email/settings', { body: { tenantId, clientId, ...secret, version, force } })),
    onSuccess: async (saved) => {
      // A reading that began before must not replace what was saved after it.
      await queryClient.cancelQueries(settingsQuery);
      queryClient.setQueryData(settingsQuery.queryKey, saved);
      show(saved);
      announce(words.saved);
    },
  });

  function show(shown: Schemas['Settings']): void {
    setTenantId(shown.tenantId ?? '');
    setClientId(shown.clientId ?? '');
    setClientSecret('');
    setVersion(shown.version);
  }

  /** What was entered stays; saving it once more replaces theirs. */
  function keepMine(theirs: Schemas['Settings']): void {
    setVersion(theirs.version);
    save.reset();
  }

  const refusal = save.error ?? check.error;
  const finding = findingOf(save.error);
  const { setAt, endsWith } = settings.clientSecret;
  const { form, field, says, isValid } = useFormFields(refusal);
  return (
    <section className="panel panel-body" aria-labelledby="properties">
      <UnsavedGuard isUnsaved={isUnsaved} what={words.leaveWhat} />
      <form
        {...form(() => {
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
            value={tenantId}
            onChange={(event) => setTenantId(event.currentTarget.value)}
            {...field('/tenantId')}
            required
            readOnly={!mayChange}
            spellCheck={false}
            autoComplete="off"
          />
          <TextInput
            label={words.clientId}
            description={words.clientHint}
            value={clientId}
            onChange={(event) => setClientId(event.currentTarget.value)}
            {...field('/clientId')}
            required
            readOnly={!mayChange}
            spellCheck={false}
            autoComplete="off"
          />
          <PasswordInput
            label={words.clientSecret}
            description={
              setAt === null
                ? words.secretHint
                : isOtherApp
                  ? words.secretAgain
                  : words.secretSet(formatMoment(setAt, locale), endsWith ?? '')
            }
            value={clientSecret}
            onChange={(event) => setClientSecret(event.currentTarget.value)}
            {...field('/clientSecret')}
            required={needsSecret}
            readOnly={!mayChange}
            autoComplete="new-password"
          />
          {mayChange && (
            <Group gap="xs">
              <Button type="submit" loading={save.isPending}>
                {common.save}
              </Button>
              <Button variant="default" onClick={() => isValid() && check.mutate()} loading={check.isPending}>
                {words.check}
              </Button>
            </Group>
          )}
          {finding !== undefined ? (
            <UnsavedFinding {...finding} onSaveAnyway={() => save.mutate({ force: true })} isSaving={save.isPending} />
          ) : isKind(save.error, 'other-version') ? (
            <SettingsConflict
              facts={save.error instanceof ProblemError ? save.error.details.facts : undefined}
              entered={{ tenantId, clientId }}
              onTakeTheirs={(theirs) => {
                show(theirs);
                save.reset();
              }}
              onKeepMine={keepMine}
            />
          ) : (
            !says('/tenantId', '/clientId', '/clientSecret') && (
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
