import { Table, Text } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { ActionsHeader } from '../parts/actions-header.tsx';
import { IconAction } from '../parts/icon-action.tsx';
import { Moment } from '../parts/moment.tsx';
import { Since } from '../parts/since.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { useDeskWords } from '../shell/languages.tsx';

type ApiKey = Schemas['ApiKey'];

interface KeysTableProps {
  readonly keys: readonly ApiKey[];
  readonly onRevoke: ((key: ApiKey) => void) | undefined;
}

const tones = { valid: 'good', 'expires-soon': 'warn', expired: 'bad', revoked: 'idle' } as const;

/** API keys, with what they may do. */
export function KeysTable({ keys, onRevoke }: KeysTableProps) {
  const { keys: words } = useDeskWords();
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
            {!isNarrow && <Table.Th className="drops-first">{words.madeBy}</Table.Th>}
            {onRevoke && <ActionsHeader w={48} />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td className="name">
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
              {!isNarrow && <Table.Td className="drops-first">{key.createdByName ?? words.commandLine}</Table.Td>}
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
function Allowed({ of: { purpose, profile, permissions, queueIds, accountIds, networks } }: { readonly of: ApiKey }) {
  const { keys: words, provisioning } = useDeskWords();
  const limits = [
    purpose === 'api' && permissions?.join(', '),
    queueIds && words.queueCount(queueIds.length),
    accountIds && words.accountCount(accountIds.length),
    networks && words.from(networks.join(', ')),
  ].filter((limit) => typeof limit === 'string');
  return (
    <>
      <Text size="sm">{purpose === 'api' ? profile : provisioning.may}</Text>
      {limits.map((limit) => (
        <Text key={limit} size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {limit}
        </Text>
      ))}
    </>
  );
}
