import { Button, Stack, Text, Title } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../api/client.ts';
import { FormActions } from '../parts/form-actions.tsx';
import { mergeList } from '../parts/own-changes.ts';
import { RequestNotice } from '../parts/request-notice.tsx';
import { splitList } from '../parts/split-list.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { AddressListInput } from './address-list-input.tsx';

const allowedQuery = queryOptions({
  queryKey: ['settings', 'allowed-addresses'],
  queryFn: ({ signal }) => take(api.GET('/api/v1/email/settings/allowed-addresses', { signal })),
});

/** Which mailboxes may be connected: all of the tenant, until an administrator limits them. */
export function AllowedAddresses() {
  const { allowedAddresses: words } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const mayChange = useMay('settings.change');
  const [entered, setEntered] = useState<{ readonly text: string; readonly opened: readonly string[] }>();
  const { data } = useQuery(allowedQuery);
  const change = useMutation({
    mutationFn: async ({ text, opened }: NonNullable<typeof entered>) => {
      const now = await queryClient.fetchQuery({ ...allowedQuery, staleTime: 0 });
      const allowed = [...mergeList(opened, splitList(text), now.allowed)];
      return await take(api.PUT('/api/v1/email/settings/allowed-addresses', { body: { allowed } }));
    },
    onSuccess: (changed) => {
      queryClient.setQueryData(allowedQuery.queryKey, changed);
      setEntered(undefined);
      announce(words.saved);
    },
  });
  return (
    <section className="panel panel-body" aria-labelledby="allowed-addresses">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (entered !== undefined && !change.isPending) change.mutate(entered);
        }}
      >
        <Stack gap="sm">
          <Title order={2} id="allowed-addresses">
            {words.title}
          </Title>
          <AddressListInput
            label={words.label}
            description={words.hint}
            placeholder={words.all}
            entered={entered?.text}
            stored={data?.allowed}
            mayChange={mayChange}
            onChange={(text) => setEntered((now) => ({ text, opened: now?.opened ?? data?.allowed ?? [] }))}
          />
          {data !== undefined && data.outsideCount > 0 && (
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {words.outside(data.outsideCount, data.outside.map(({ address }) => address).join(', '))}
            </Text>
          )}
          {mayChange && (
            <FormActions below={<RequestNotice request={change} />}>
              <Button type="submit" variant="default" disabled={entered === undefined} loading={change.isPending}>
                {words.save}
              </Button>
            </FormActions>
          )}
        </Stack>
      </form>
    </section>
  );
}
