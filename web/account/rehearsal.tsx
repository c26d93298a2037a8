import { Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, type Schemas, take } from '../api/client.ts';
import { Icon } from '../parts/icon.tsx';
import { formatMoment } from '../parts/moment.tsx';
import { Notice } from '../parts/notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { shownSubject } from '../parts/shown-subject.ts';
import { TableScroll } from '../parts/table-scroll.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { type Draft, draftToTry, isSameRouting, triedPositions } from './draft.ts';
import { MarkedSubject } from './marked-subject.tsx';

interface RehearsalProps {
  readonly accountId: string;
  readonly draft: Draft;
}

/** What the edited rules would have done with the mail of the last weeks. */
export function Rehearsal({ accountId: id, draft }: RehearsalProps) {
  const { routing: words } = useDeskWords();
  const rehearsal = useMutation({
    mutationFn: async (rehearsed: Draft) => {
      const result = await take(
        api.POST('/api/v1/email/accounts/{id}/routing/rehearse', {
          params: { path: { id } },
          body: { routing: draftToTry(rehearsed) },
        }),
      );
      return { result, rehearsed };
    },
  });
  const { data } = rehearsal;
  const isOld = data !== undefined && !isSameRouting(data.rehearsed, draft);
  return (
    <section className="rehearsal panel-body" aria-labelledby="rehearsal">
      <Group justify="space-between" align="start" gap="sm">
        <Stack gap={2} maw={640}>
          <Title order={3} id="rehearsal">
            {words.rehearseTitle}
          </Title>
          <Text size="sm" c="dimmed">
            {words.rehearseWhat}
          </Text>
        </Stack>
        <Button variant="default" onClick={() => rehearsal.mutate(draft)} loading={rehearsal.isPending}>
          {data === undefined ? words.rehearse : words.rehearseAgain}
        </Button>
      </Group>
      <RequestNotice request={rehearsal} onRetry={() => rehearsal.mutate(draft)} />
      <div aria-live="polite">
        {data && <Result key={rehearsal.submittedAt} result={data.result} rehearsed={data.rehearsed} isOld={isOld} />}
      </div>
    </section>
  );
}

interface ResultProps {
  readonly result: Schemas['Rehearsal'];
  readonly rehearsed: Draft;
  /** The rules were edited since then. */
  readonly isOld: boolean;
}

/** Number of moves shown at first. */
const SHOWN_AT_FIRST = 10;

function Result({ result: { messages, since, moved, flows, moves }, rehearsed, isOld }: ResultProps) {
  const { routing: words } = useDeskWords();
  const { common, locale } = useWords();
  const [showsAll, setShowsAll] = useState(false);
  const positions = triedPositions(rehearsed);
  if (since === null) {
    return (
      <Text size="sm" mt="sm">
        {words.receivedNone}
      </Text>
    );
  }
  return (
    <Stack gap="sm" mt="sm">
      {isOld && <Notice tone="warn">{words.rehearsalOld}</Notice>}
      <Text size="sm">
        <strong>{moved === 0 ? words.movesNone(messages) : words.moves(moved, messages)}</strong>{' '}
        <Text span c="dimmed" size="sm">
          {words.rehearsedSince(formatMoment(since, locale))}
        </Text>
      </Text>
      {flows.length > 0 && (
        <ul className="flows">
          {flows.map(({ from, to, count }) => (
            <li key={`${from?.id} ${to?.id}`} className="flow">
              <span className="numeric">{count.toLocaleString(locale)}</span> {from?.name ?? words.noQueue} <Arrow />{' '}
              {to?.name ?? words.noQueue}
            </li>
          ))}
        </ul>
      )}
      {moves.length > 0 && (
        <TableScroll>
          <Table aria-label={words.movesTable}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.subject}</Table.Th>
                <Table.Th>{words.wentTo}</Table.Th>
                <Table.Th>{words.wouldGoTo}</Table.Th>
                <Table.Th visibleFrom="sm">{words.why}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {moves.slice(0, showsAll ? undefined : SHOWN_AT_FIRST).map(({ id, itemId, subject, queue, to, rule }) => (
                <Table.Tr key={id}>
                  <Table.Td miw={140}>
                    <Link className="row-link" to={`/items/${itemId}`}>
                      <span className="clamped">
                        <MarkedSubject
                          subject={shownSubject(subject, words.noSubject)}
                          matched={rule?.matched ?? null}
                        />
                      </span>
                    </Link>
                  </Table.Td>
                  <Table.Td c="dimmed">{queue?.name ?? words.noQueue}</Table.Td>
                  <Table.Td>{to?.name ?? words.noQueue}</Table.Td>
                  <Table.Td visibleFrom="sm" c="dimmed">
                    {rule ? words.ruleNumber(positions[rule.position - 1] ?? rule.position) : words.default}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </TableScroll>
      )}
      {moves.length > SHOWN_AT_FIRST && !showsAll && (
        <Group>
          <Button variant="default" size="compact-sm" onClick={() => setShowsAll(true)}>
            {common.more}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Arrow() {
  const { routing: words } = useDeskWords();
  return (
    <>
      <span className="visually-hidden">{words.to}</span>
      <span className="arrow">
        <Icon name="right" size={13} />
      </span>
    </>
  );
}
