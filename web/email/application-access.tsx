import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { FormActions } from '../parts/form-actions.tsx';
import { formatMoment } from '../parts/moment.tsx';
import { Notice } from '../parts/notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { ServerWords } from '../parts/server-words.tsx';
import { splitList } from '../parts/split-list.ts';
import { StatusLabel } from '../parts/status-label.tsx';
import { TraceLine } from '../parts/trace-line.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { AddressListInput } from './address-list-input.tsx';
import { applicationAccessQuery } from './application-access-query.ts';

type Access = Schemas['ApplicationAccess'];

/** Whether mailboxes may be read with the application's own rights, and the proof that these are limited. */
export function ApplicationAccess() {
  const { applicationAccess: words } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const mayChange = useMay('settings.change');
  const [entered, setEntered] = useState<string>();
  const { data } = useQuery(applicationAccessQuery);
  const path = '/api/v1/email/settings/application-access';

  function show(changed: Access, what: string): void {
    queryClient.setQueryData(applicationAccessQuery.queryKey, changed);
    setEntered(undefined);
    announce(what);
  }
  const change = useMutation({
    mutationFn: (enabled: boolean) => {
      const canaries = splitList(entered ?? '');
      const named = enabled && canaries.length > 0 ? { canaries } : {};
      return take(api.PUT(path, { body: { enabled, ...named } }));
    },
    onSuccess: (changed) => show(changed, changed.enabled ? words.saved : words.savedOff),
    onError: () => queryClient.invalidateQueries({ queryKey: applicationAccessQuery.queryKey }),
  });
  const check = useMutation({
    mutationFn: () => take(api.POST(`${path}/check`, {})),
    onSuccess: (changed) => show(changed, words.checked),
  });
  const isBusy = change.isPending || check.isPending;
  return (
    <section className="panel panel-body" aria-labelledby="application-access">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) change.mutate(true);
        }}
      >
        <Stack gap="sm">
          <Group justify="space-between">
            <Title order={2} id="application-access">
              {words.title}
            </Title>
            {data && (
              <Text size="sm" component="div">
                <StatusLabel tone={data.isUsed ? 'good' : data.enabled ? 'bad' : 'idle'}>
                  {data.isUsed ? words.on : data.enabled ? words.stopped : words.off}
                </StatusLabel>
              </Text>
            )}
          </Group>
          <Text size="sm">{words.what}</Text>
          {data && <Standing access={data} />}
          <AddressListInput
            label={words.canaries}
            description={words.canariesHint}
            entered={entered}
            stored={data?.canaries}
            mayChange={mayChange}
            onChange={setEntered}
          />
          {mayChange && data && (
            <FormActions
              below={
                <>
                  <RequestNotice request={change} />
                  <RequestNotice request={check} />
                </>
              }
            >
              {data.enabled && entered === undefined ? (
                <Button variant="default" onClick={() => check.mutate()} loading={check.isPending}>
                  {words.check}
                </Button>
              ) : (
                <Button type="submit" variant="default" loading={change.isPending} disabled={check.isPending}>
                  {data.enabled ? words.save : words.switchOn}
                </Button>
              )}
              {data.enabled && (
                <Button variant="default" onClick={() => change.mutate(false)} disabled={isBusy}>
                  {words.switchOff}
                </Button>
              )}
            </FormActions>
          )}
        </Stack>
      </form>
    </section>
  );
}

/** What is known of the limit. */
function Standing({ access }: { readonly access: Access }) {
  const { applicationAccess: words } = useDeskWords();
  const { locale } = useWords();
  const when = (time: string | null) => (time === null ? '' : formatMoment(time, locale));
  const { enabled, isUsed, outcome, provedAt, checkedAt, triedAt, failure, readable, missing, accounts } = access;
  const tenantWideRoles = access.tenantWideRoles ?? [];
  return (
    <>
      {outcome === 'readable' ? (
        <Notice tone="bad">{words.readable(readable.join(', '), when(checkedAt))}</Notice>
      ) : enabled && !isUsed ? (
        <Notice tone="bad">{words.notProved}</Notice>
      ) : (
        outcome === 'proved' && <Text size="sm">{words.proved(when(provedAt))}</Text>
      )}
      {failure !== null && (
        <Notice tone="warn">
          {words.failed(when(triedAt))} <ServerWords reason={failure.reason}>{failure.words}</ServerWords>
          <TraceLine trace={failure} />
        </Notice>
      )}
      {missing.length > 0 && <Text size="sm">{words.missing(missing.join(', '))}</Text>}
      {tenantWideRoles.length > 0 && <Notice tone="warn">{words.tenantWide(tenantWideRoles.join(', '))}</Notice>}
      {accounts > 0 && <Text size="sm">{words.accounts(accounts)}</Text>}
    </>
  );
}
