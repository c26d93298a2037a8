import { Button, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../api/client.ts';
import { FormActions } from '../parts/form-actions.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { splitList } from '../parts/split-list.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { AddressListInput } from './address-list-input.tsx';

const queryKey = ['settings', 'allowed-addresses'];

/** Which mailboxes may be connected: all of the tenant, until an administrator limits them. */
export function AllowedAddresses() {
  const { allowedAddresses: words } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const mayChange = useMay('settings.change');
  const [entered, setEntered] = useState<string>();
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) => take(api.GET('/api/v1/email/settings/allowed-addresses', { signal })),
  });
  const change = useMutation({
    mutationFn: (text: string) => {
      const allowed = splitList(text);
      return take(api.PUT('/api/v1/email/settings/allowed-addresses', { body: { allowed } }));
    },
    onSuccess: (changed) => {
      queryClient.setQueryData(queryKey, changed);
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
            entered={entered}
            stored={data?.allowed}
            mayChange={mayChange}
            onChange={setEntered}
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
