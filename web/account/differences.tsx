import { Anchor, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import type { Schemas } from '../api/client.ts';
import { Clamped } from '../parts/clamped.tsx';
import { formatExactly, formatMoment } from '../parts/moment.tsx';
import { DifferenceWords } from '../parts/server-words.tsx';
import { shownSubject } from '../parts/shown-subject.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';

/** Messages that were in the mailbox but not in Mailroom, and their outcomes; newest first. */
export function Differences({ differences }: { readonly differences: readonly Schemas['Difference'][] }) {
  const { completeness: words } = useDeskWords();
  const { queues, locale } = useWords();
  return (
    <div>
      <Title order={3} id="differences" mb="xs">
        {words.differences}
      </Title>
      <ol className="timeline" aria-labelledby="differences">
        {differences.map((difference) => (
          <li key={difference.id} className="timeline-entry">
            {difference.subject !== null && (
              <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }} component="div">
                <Clamped lines={2}>
                  <bdi>{shownSubject(difference.subject, queues.noSubject)}</bdi>
                </Clamped>
              </Text>
            )}
            <Text size="sm">
              <DifferenceWords difference={difference} />{' '}
              {difference.itemId !== null ? (
                <Anchor component={Link} to={`/items/${difference.itemId}`} size="sm" underline="always">
                  {words.showItem}
                </Anchor>
              ) : (
                difference.quarantineId !== null && (
                  <Anchor href="#quarantine" size="sm" underline="always">
                    {words.showQuarantine}
                  </Anchor>
                )
              )}
            </Text>
            <Text size="xs" c="dimmed">
              {difference.receivedAt !== null && `${words.receivedAt(formatExactly(difference.receivedAt, locale))}, `}
              {words.foundAt(formatMoment(difference.foundAt, locale))}
            </Text>
          </li>
        ))}
      </ol>
    </div>
  );
}
