import { Stack, Switch, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { RequestNotice } from '../parts/request-notice.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';

const queryKey = ['settings', 'sending'];

/** Whether answers are allowed at all: a global property, off until an administrator wants it. */
export function InstalledSending() {
  const { answers } = useDeskWords();
  const words = answers.sending;
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const mayChange = useMay('settings.change');
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) => take(api.GET('/api/v1/email/settings/sending', { signal })),
  });
  const change = useMutation({
    mutationFn: (enabled: boolean) => take(api.PUT('/api/v1/email/settings/sending', { body: { enabled } })),
    onSuccess: (changed) => {
      queryClient.setQueryData(queryKey, changed);
      announce(changed.enabled ? words.switchedOn : words.switchedOff);
    },
  });
  return (
    <section className="panel panel-body" aria-labelledby="installed-sending">
      <Stack gap="sm">
        <Title order={2} id="installed-sending">
          {answers.title}
        </Title>
        <Switch
          label={words.installationOn}
          checked={data?.enabled ?? false}
          disabled={!mayChange || data === undefined}
          aria-busy={change.isPending}
          onChange={(event) => !change.isPending && change.mutate(event.currentTarget.checked)}
        />
        <Text size="sm" c="dimmed">
          {words.installationWhat}
        </Text>
        <RequestNotice request={change} />
      </Stack>
    </section>
  );
}
