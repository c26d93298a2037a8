import { Button, Stack, Table, Text } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { Icon } from '../parts/icon.tsx';
import { IconAction } from '../parts/icon-action.tsx';
import { Moment } from '../parts/moment.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { RemovalDialog } from '../parts/removal-dialog.tsx';
import { Since } from '../parts/since.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { TableSkeleton } from '../parts/table-skeleton.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { Guarded } from '../shell/guarded.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { askAgainEvery } from '../shell/live-changes.ts';
import { useMay } from '../shell/session.ts';
import { MakeKeyDialog } from './make-key-dialog.tsx';

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
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <div className="panel">
          <TableSkeleton rows={4} />
        </div>
      )}
      {data?.length === 0 && <EmptyState title={words.none}>{words.noneWhat}</EmptyState>}
      {data && data.length > 0 && <KeysTable keys={data} onRevoke={mayChange ? setRevoking : undefined} />}
      {isMaking && <MakeKeyDialog onClose={() => setMaking(false)} />}
      {revoking && (
        <RemovalDialog
          title={words.revokeTitle(revoking.name)}
          what={words.revokeWhat}
          action={words.revoke}
          removed={words.revoked(revoking.name)}
          remove={() => take(api.DELETE('/api/v1/api-keys/{id}', { params: { path: { id: revoking.id } } }))}
          listKey={apiKeysQuery.queryKey}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </Stack>
  );
}

interface KeysTableProps {
  readonly keys: readonly ApiKey[];
  readonly onRevoke: ((key: ApiKey) => void) | undefined;
}

const tones = { valid: 'good', 'expires-soon': 'warn', expired: 'bad', revoked: 'idle' } as const;

function KeysTable({ keys, onRevoke }: KeysTableProps) {
  const { keys: words } = useDeskWords();
  const { common } = useWords();
  const isNarrow = useIsNarrow();
  return (
    <TableScroll className="panel">
      <Table aria-label={words.title} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th {...(isNarrow && { w: '100%' })}>{words.name}</Table.Th>
            {!isNarrow && <Table.Th>{words.may}</Table.Th>}
            {!isNarrow && <Table.Th>{words.state}</Table.Th>}
            {!isNarrow && <Table.Th>{words.lastUsed}</Table.Th>}
            {!isNarrow && <Table.Th>{words.madeBy}</Table.Th>}
            {onRevoke && (
              <Table.Th w={48}>
                <span className="visually-hidden">{common.actions}</span>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <Text size="sm" fw={500}>
                  {key.name}
                </Text>
                <Text size="xs" c="dimmed">
                  {words.endsWith(key.hint)}
                </Text>
                {isNarrow && <Allowed of={key} />}
                {isNarrow && <State of={key} />}
              </Table.Td>
              {!isNarrow && (
                <Table.Td>
                  <Allowed of={key} />
                </Table.Td>
              )}
              {!isNarrow && (
                <Table.Td>
                  <State of={key} />
                </Table.Td>
              )}
              {!isNarrow && (
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  <Since time={key.lastUsedAt} />
                </Table.Td>
              )}
              {!isNarrow && <Table.Td>{key.createdByName ?? words.commandLine}</Table.Td>}
              {onRevoke && (
                <Table.Td>
                  {key.state !== 'revoked' && (
                    <IconAction icon="cross" label={words.revokeOf(key.name)} onClick={() => onRevoke(key)} />
                  )}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}

/** Whether a key works, and until when. */
function State({ of: { state, expiresAt } }: { readonly of: ApiKey }) {
  const { keys: words } = useDeskWords();
  return (
    <>
      <StatusLabel tone={tones[state]}>{words.states[state]}</StatusLabel>
      {expiresAt !== null && state !== 'revoked' && (
        <Text size="xs" c="dimmed">
          {words.until} <Moment time={expiresAt} />
        </Text>
      )}
    </>
  );
}

/** The profile of a key, and what limits it further. */
function Allowed({ of: { profile, permissions, queueIds, accountIds, networks } }: { readonly of: ApiKey }) {
  const { keys: words } = useDeskWords();
  const limits = [
    permissions?.join(', '),
    queueIds && words.queueCount(queueIds.length),
    accountIds && words.accountCount(accountIds.length),
    networks && words.from(networks.join(', ')),
  ].filter((limit) => typeof limit === 'string');
  return (
    <>
      <Text size="sm">{profile}</Text>
      {limits.map((limit) => (
        <Text key={limit} size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {limit}
        </Text>
      ))}
    </>
  );
}
