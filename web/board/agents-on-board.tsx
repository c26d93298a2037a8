import { Table, Text } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { Since } from '../parts/since.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { AgentAvailability } from './agent-availability.tsx';
import { BoardSection } from './board-section.tsx';
import { WaitedCells, WaitedLine, WaitedTitles } from './waited.tsx';

type Agent = Schemas['Board']['agents'][number];

/** Who is there, holds how many items, and has completed how many today. */
export function AgentsOnBoard({ agents }: { readonly agents: readonly Agent[] }) {
  const { board: words } = useDeskWords();
  const isNarrow = useIsNarrow();
  return (
    <BoardSection id="board-agents" title={words.agents} none={agents.length === 0 && words.noAgents}>
      <Table aria-labelledby="board-agents">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.agent}</Table.Th>
            {!isNarrow && <Table.Th className="numeric">{words.holds}</Table.Th>}
            <Table.Th className="numeric">{words.handledToday}</Table.Th>
            {!isNarrow && (
              <>
                <WaitedTitles />
                <Table.Th>{words.lastAt}</Table.Th>
              </>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {agents.map((agent) => (
            <Row key={agent.actor} {...agent} />
          ))}
        </Table.Tbody>
      </Table>
    </BoardSection>
  );
}

function Row(agent: Agent) {
  const { queues, locale } = useWords();
  const { board: words, offers } = useDeskWords();
  const isNarrow = useIsNarrow();
  const lastAt = agent.lastAt !== null && <Since time={agent.lastAt} />;
  return (
    <Table.Tr>
      <Table.Td>
        <bdi>{agent.name ?? queues.somebody}</bdi>
        <AgentAvailability agent={agent} />
        {isNarrow && (
          <>
            <Text size="xs" c="dimmed">
              {words.holdsOf(agent.claimed)}
              {lastAt && <>, {lastAt}</>}
            </Text>
            <WaitedLine of={agent} />
          </>
        )}
      </Table.Td>
      {!isNarrow && (
        <Table.Td className="numeric">
          {agent.availability === null || agent.capacity === null
            ? agent.claimed.toLocaleString(locale)
            : offers.boardLoad(agent.claimed, agent.capacity)}
        </Table.Td>
      )}
      <Table.Td className="numeric">{agent.handled.toLocaleString(locale)}</Table.Td>
      {!isNarrow && (
        <>
          <WaitedCells of={agent} />
          <Table.Td style={{ whiteSpace: 'nowrap' }}>{lastAt}</Table.Td>
        </>
      )}
    </Table.Tr>
  );
}
