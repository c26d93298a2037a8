import { Table, Text } from '@mantine/core';
import { Fragment } from 'react';
import type { Schemas } from '../api/client.ts';
import { formatExactly } from '../parts/moment.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { TableScroll } from '../parts/table-scroll.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';

type Entry = Schemas['AuditEntry'];

const tones: Readonly<Record<string, 'good' | 'idle' | 'warn' | 'bad'>> = {
  done: 'good',
  unchanged: 'idle',
  refused: 'warn',
  failed: 'bad',
};

/** Entries of the trail, each with what is known beside it in a row that opens. */
export function EntriesTable({ entries }: { readonly entries: readonly Entry[] }) {
  const { audit: words } = useDeskWords();
  const { locale } = useWords();
  const isNarrow = useIsNarrow();
  return (
    <TableScroll className="panel">
      <Table aria-label={words.title} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            {!isNarrow && <Table.Th>{words.when}</Table.Th>}
            {!isNarrow && <Table.Th>{words.who}</Table.Th>}
            <Table.Th w="100%">{words.what}</Table.Th>
            {!isNarrow && <Table.Th>{words.outcome}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.id} style={{ verticalAlign: 'top' }}>
              {!isNarrow && (
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  <time dateTime={entry.at}>{formatExactly(entry.at, locale)}</time>
                </Table.Td>
              )}
              {!isNarrow && (
                <Table.Td>
                  <Who entry={entry} />
                </Table.Td>
              )}
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {isNarrow && (
                  <Text size="xs" c="dimmed" component="div">
                    <time dateTime={entry.at}>{formatExactly(entry.at, locale)}</time>, <Who entry={entry} />
                  </Text>
                )}
                <Text size="sm" component="div">
                  {words.acts[entry.act] ?? entry.act}
                  {objectOf(entry) !== null && (
                    <>
                      : <bdi>{objectOf(entry)}</bdi>
                    </>
                  )}
                </Text>
                {isNarrow && <Outcome entry={entry} />}
                <Details entry={entry} />
              </Table.Td>
              {!isNarrow && (
                <Table.Td>
                  <Outcome entry={entry} />
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}

function Outcome({ entry: { outcome } }: { readonly entry: Entry }) {
  const { outcomes } = useDeskWords().audit;
  return (
    <StatusLabel tone={tones[outcome] ?? 'idle'}>{outcomes[outcome as keyof typeof outcomes] ?? outcome}</StatusLabel>
  );
}

/** The name that the object had, or its id; null for what there is only one of. */
function objectOf({ objectName, objectId }: Entry): string | null {
  return objectName ?? (objectId === 'true' ? null : objectId);
}

function Who({ entry: { actor, actorName } }: { readonly entry: Entry }) {
  const { actors } = useDeskWords().audit;
  if (actorName !== null) return <bdi>{actorName}</bdi>;
  if (actor.startsWith('database:')) return actors.database(actor.slice('database:'.length));
  return actor === 'cli' || actor === 'mailroom' || actor === 'unknown' ? actors[actor] : actor;
}

function Details({ entry }: { readonly entry: Entry }) {
  const { audit: words } = useDeskWords();
  const facts = [
    [words.address, entry.address],
    [words.agent, entry.agent],
    [words.profile, entry.profile],
    [words.reason, entry.reason],
    [words.request, entry.requestId],
    [words.place, entry.number === null ? words.notSealed : `${entry.number} · ${entry.hash?.slice(0, 16) ?? ''}`],
  ].filter(([, value]) => value !== null);
  return (
    <details>
      <summary>
        <Text size="xs" c="dimmed" span>
          {words.details}
        </Text>
      </summary>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </Fragment>
        ))}
        {entry.changes !== null && entry.changes.length > 0 && (
          <>
            <dt>{words.changed}</dt>
            <dd>
              {entry.changes.map((change, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes.
                <Change key={index} change={change} />
              ))}
            </dd>
          </>
        )}
      </dl>
    </details>
  );
}

function Change({ change }: { readonly change: NonNullable<Entry['changes']>[number] }) {
  const { audit: words } = useDeskWords();
  if (change.more) return <Text size="xs">{words.more}</Text>;
  const names = [...new Set([...Object.keys(change.before ?? {}), ...Object.keys(change.after ?? {})])];
  return (
    <div>
      <Text size="xs" fw={500} component="div">
        {change.table} {change.id !== 'true' && <bdi>{change.name ?? change.id}</bdi>}
      </Text>
      {names.map((name) => (
        <Text key={name} size="xs" component="div">
          {name}: {words.beforeValue} <bdi>{shown(change.before?.[name])}</bdi>, {words.afterValue}{' '}
          <bdi>{shown(change.after?.[name])}</bdi>
        </Text>
      ))}
    </div>
  );
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
