import { Text, Title } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { formatMoment } from '../parts/moment.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { noQueueWords } from './no-queue-words.ts';

/** Why an item is in its queue. */
export function WhyHere({ item: { decision, moved } }: { readonly item: Pick<Schemas['Item'], 'decision' | 'moved'> }) {
  const { item: words, work } = useDeskWords();
  const { queues, locale } = useWords();
  return (
    <section className="panel panel-body" aria-labelledby="why">
      <Title order={2} id="why" mb={4}>
        {words.why}
      </Title>
      <Text size="sm">
        {moved !== null && `${work.movedBy(moved.name ?? queues.somebody, formatMoment(moved.at, locale))} `}
        {noQueueWords(decision, words)}
        {decision.by === 'rule' && words.byRule(decision.position, decision.keyword)}
        {decision.by === 'default' && words.because[decision.because]}
        {decision.by !== 'other' && (
          <Text span c="dimmed" size="sm">
            {' '}
            {words.version(decision.version)}
          </Text>
        )}
      </Text>
    </section>
  );
}
