import { Button, Stack } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { Icon } from '../parts/icon.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { UnloadedTable } from '../parts/unloaded-table.tsx';
import { Guarded } from '../shell/guarded.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { askAgainEvery } from '../shell/live-changes.ts';
import { useMay } from '../shell/session.ts';
import { KeysTable } from './keys-table.tsx';
import { MakeKeyDialog } from './make-key-dialog.tsx';
import { RevokeKeyDialog } from './revoke-key-dialog.tsx';

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: async ({ signal }) => (await take(api.GET('/api/v1/api-keys', { signal }))).keys,
  refetchInterval: askAgainEvery(),
});

type ApiKey = Schemas['ApiKey'];

/** Admin > API keys: which programs may use the API, and until when. */
export function ApiKeysPage() {
  return (
    <Guarded permission="users.read">
      <ApiKeys />
    </Guarded>
  );
}

function ApiKeys() {
  const { keys: words } = useDeskWords();
  const mayChange = useMay('users.change');
  const [isMaking, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey>();
  const { data, error, refetch } = useQuery(apiKeysQuery);
  return (
    <Stack gap="md">
      <PageHeader
        title={words.title}
        lead={words.lead}
        actions={
          mayChange && (
            <Button leftSection={<Icon name="plus" />} onClick={() => setMaking(true)}>
              {words.make}
            </Button>
          )
        }
      />
      <UnloadedTable isLoaded={data !== undefined} error={error} onRetry={() => void refetch()} rows={4} />
      {data?.length === 0 && <EmptyState title={words.none}>{words.noneWhat}</EmptyState>}
      {data && data.length > 0 && <KeysTable keys={data} onRevoke={mayChange ? setRevoking : undefined} />}
      {isMaking && <MakeKeyDialog onClose={() => setMaking(false)} />}
      {revoking && <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(undefined)} />}
    </Stack>
  );
}
